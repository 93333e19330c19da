import { readPath, type Scope } from "@tenon/workflow";
import type { Enrollee } from "./enrollment-store.ts";
import type { WorkflowUser } from "./enrollments.ts";
import { stateOf } from "./workflow-states.ts";

/** What can be read before there is a run: the connected user. */
export function userScope(user: Pick<WorkflowUser, "externalId" | "meta">): Scope {
  const facts = toRunUser(user);
  return {
    read: (reference) =>
      reference.source === "user" ? readPath(facts, reference.path) : undefined,
  };
}

/** The same with what the user has set for a workflow. */
export function enrolleeScope({ user, configuration }: Enrollee, workflowId: string): Scope {
  const ofUser = userScope(user);
  const { settings } = stateOf(configuration.workflowSettings, workflowId);
  return {
    read(reference) {
      if (reference.source !== "setting") return ofUser.read(reference);
      const from = reference.level === "workflow" ? settings : configuration.sharedSettings;
      return readPath(from, [reference.inputId, ...reference.path]);
    },
  };
}

/** The user as runs see them: `{{user.id}}` is the user token's `sub`. */
export function toRunUser({ externalId, meta }: Pick<WorkflowUser, "externalId" | "meta">) {
  return { id: externalId, meta };
}
