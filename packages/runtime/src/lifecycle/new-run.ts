import { randomUUID } from "node:crypto";
import type { NewRun, TriggerType } from "../run.ts";
import type { Enrollee } from "./enrollment-store.ts";
import { runIdOf } from "./run-id.ts";
import { toRunUser } from "./user-scope.ts";
import { stateOf } from "./workflow-states.ts";

/** What a start adds to whom and what it is for. */
export interface RunStart {
  workflowId: string;
  versionId: string;
  triggerType: TriggerType;
  /** The trigger's output. */
  input: unknown;
  /** Makes the start known again; without one each start is a run of its own. */
  key: string | undefined;
}

/** A run for a configuration, with what the user has set now. */
export function newRun(enrollee: Enrollee, start: RunStart): NewRun {
  const { user, connection, configuration } = enrollee;
  const { workflowId, versionId, triggerType, input, key } = start;
  const id =
    key === undefined
      ? randomUUID()
      : runIdOf(workflowId, configuration.id, { kind: triggerType, key });
  return {
    id,
    projectId: connection.projectId,
    workflowId,
    versionId,
    integrationId: connection.integrationId,
    connectionId: connection.id,
    configurationId: configuration.id,
    userId: user.id,
    triggerType,
    input,
    context: {
      user: toRunUser(user),
      connection: {
        id: connection.id,
        externalId: connection.externalId,
        accountId: connection.accountId,
        providerData: connection.providerData,
      },
      settings: stateOf(configuration.workflowSettings, workflowId).settings,
      integrationSettings: configuration.sharedSettings,
    },
  };
}
