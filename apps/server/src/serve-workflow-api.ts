import type { ConnectionStore } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type {
  ApiKeyStore,
  ConnectedUserList,
  ConnectedUserStore,
  IntegrationStore,
  ProjectStore,
} from "@tenon/postgres";
import type {
  Engine,
  EnvironmentSecrets,
  Lifecycle,
  PlanSource,
  RunControls,
  RunHistory,
} from "@tenon/runtime";
import type { Subscriptions } from "@tenon/triggers";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { AccountFields } from "./accounts/account-fields.ts";
import type { RunAction } from "./accounts/run-action.ts";
import type { Callers } from "./identity/callers.ts";
import { createRunFeed } from "./management/run-feed.ts";
import { serveAppData } from "./management/serve-app-data.ts";
import { serveAccountFields, serveConnectors } from "./management/serve-catalogue.ts";
import { serveConnectedUsers } from "./management/serve-connected-users.ts";
import { serveRuns, serveRunStreams } from "./management/serve-runs.ts";
import { serveStarts } from "./management/serve-starts.ts";
import { serveWorkflows } from "./management/serve-workflows.ts";
import { inProject } from "./management/with-api-key.ts";
import { serveSubscriptions } from "./subscriptions/serve-subscriptions.ts";
import { serveTriggerSubscriptions } from "./subscriptions/serve-trigger-subscriptions.ts";
import { serveTaskHistory } from "./task-history/serve-task-history.ts";
import { serveFieldOptions } from "./wire/serve-field-options.ts";
import { serveRequestTriggers } from "./wire/serve-request-triggers.ts";
import { serveTools } from "./wire/serve-tools.ts";
import type { ServeUser } from "./wire/serve-user.ts";
import { serveConfigurations, serveEnrollments, serveEvents } from "./wire/serve-workflows.ts";

export interface WorkflowApiServices {
  accountFields: AccountFields;
  apiKeys: ApiKeyStore;
  callers: Callers;
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  controls: RunControls;
  engine: Engine;
  history: RunHistory;
  integrations: IntegrationStore;
  lifecycle: Lifecycle;
  log: Logger;
  plans: PlanSource;
  projects: ProjectStore;
  runAction: RunAction;
  secrets: EnvironmentSecrets;
  subscriptions: Subscriptions;
  userList: ConnectedUserList;
  users: ConnectedUserStore;
  /** The server's public URL. */
  url: string;
}

/** Serves all that has to do with workflows: to developers, with API keys, and to users. */
export async function serveWorkflowApi(
  app: FastifyInstance,
  serveUser: ServeUser,
  services: WorkflowApiServices,
): Promise<void> {
  const stopping = new AbortController();
  // Open streams would keep the server from closing.
  app.addHook("preClose", async () => stopping.abort());
  const all = {
    ...services,
    ...services.lifecycle,
    runFeed: createRunFeed(services),
    stopping: stopping.signal,
  };
  const serve = inProject(app, services);
  serveConnectors(app, all);
  serveAccountFields(serve, all);
  serveWorkflows(serve, all);
  serveStarts(serve, all);
  serveRuns(serve, all);
  serveRunStreams(serve, all);
  serveAppData(serve, all);
  serveConnectedUsers(serve, all);
  serveTaskHistory(serve, all);
  serveSubscriptions(serve, all);
  serveEvents(serveUser, all);
  serveEnrollments(serveUser, all);
  serveConfigurations(serveUser, all);
  serveFieldOptions(serveUser, all);
  serveTools(serveUser, all);
  serveTriggerSubscriptions(serveUser, all);
  await serveRequestTriggers(app, all);
}
