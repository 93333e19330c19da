import {
  type ChangeFeed,
  type Connection,
  type ConnectionStore,
  type CredentialSource,
  createProviderClient,
  type Limiter,
  type Sealer,
} from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import {
  createConnectedUserList,
  createLifecycleStores,
  createRunControls,
  createRunHistory,
  createRunQueue,
  createRunStore,
  createSecretStore,
  type OpenDatabase,
} from "@tenon/postgres";
import {
  createActionClient,
  createActionExecutor,
  createEngine,
  createEnvironmentSecrets,
  createFunctionExecutor,
  createFunctionRunner,
  createGuardedHttp,
  createIntegrationRequestExecutor,
  createLifecycle,
  createPlanSource,
  createRequestExecutor,
  createResponseExecutor,
  type StepExecutors,
} from "@tenon/runtime";
import { readTriggerSample } from "@tenon/triggers";
import type { Logger } from "pino";
import { createAccountFields } from "./accounts/account-fields.ts";
import { createRunAction } from "./accounts/run-action.ts";
import type { Config } from "./config.ts";
import type { RunMetrics } from "./operations/run-metrics.ts";

interface Options {
  config: Config;
  database: OpenDatabase;
  connectors: ReadonlyMap<string, Connector>;
  connections: ConnectionStore;
  credentials: CredentialSource;
  limiter: Limiter;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  runMetrics: RunMetrics;
  /** As the lifecycle is told before somebody listens on a connection. */
  prepareToListen(connectionId: string): Promise<void>;
  log: Logger;
}

/** Puts together what defines, starts, runs and shows workflows. */
export function createWorkflowServices(options: Options) {
  const { config, database, connectors, credentials, limiter, changeFeed, runMetrics, log } =
    options;
  const { kysely, connectionConfig } = database;
  const stores = createLifecycleStores(kysely);
  const { workflows } = stores;
  const secrets = createEnvironmentSecrets({
    ...options,
    secrets: createSecretStore(kysely),
    workflows,
  });
  const plans = createPlanSource(workflows);
  const client = createProviderClient({ credentials, limiter });
  const {
    executors,
    functions,
    close: closeExecutors,
  } = createExecutors({ config, connectors, client });
  const engine = createEngine({
    store: runMetrics.counting(
      createRunStore({ db: kysely, connectionConfig, changeFeed, limits: config.runLimits }),
    ),
    readPlan: (run) => plans.readPlan(run),
    readSecrets: (projectId, names) => secrets.readAll(projectId, names),
    readAccessToken: async (connectionId) => (await credentials.get(connectionId)).accessToken,
    executors,
    log,
    maxRuns: config.maxRuns,
  });
  runMetrics.observe({
    queue: createRunQueue(kysely),
    underWay: () => engine.countUnderWay(),
    onFailure: (err) => log.warn({ err }, "The metrics tell nothing of the queue"),
  });
  const history = createRunHistory(kysely);
  const controls = createRunControls(kysely, () => engine.checkControls());
  const lifecycle = createLifecycle({
    ...options,
    readTriggerSample: createSampleReader({ connectors, client }),
    stores,
    checkCode: (code, language) => functions.check(code, language),
    engine,
    history,
    controls,
    secrets,
    plans,
  });
  lifecycle.startWorking();

  return {
    engine,
    history,
    controls,
    lifecycle,
    plans,
    secrets,
    client,
    userList: createConnectedUserList(kysely),
    runAction: createRunAction(executors.action),
    accountFields: createAccountFields((account) =>
      createActionClient({ ...account, client, isRead: true }),
    ),
    /** Runs under way end their step and are left to others. */
    async close() {
      await lifecycle.close();
      await engine.close();
      await closeExecutors();
      await client.close();
      secrets.close();
    },
  };
}

/** Reads what a trigger would start a run with, from the account that a test is made with. */
function createSampleReader(options: {
  connectors: ReadonlyMap<string, Connector>;
  client: ReturnType<typeof createProviderClient>;
}) {
  const { connectors, client } = options;
  return async ({ id, connectorId }: Connection, triggerId: string): Promise<unknown> => {
    const connector = connectors.get(connectorId);
    if (connector === undefined) return undefined;
    const signal = AbortSignal.timeout(sampleMs);
    const account = { client, connector, connectionId: id, signal, isRead: true };
    return readTriggerSample(connector, { triggerId, client: createActionClient(account) });
  };
}

/** The longest that a test waits for something of the account to work on. */
const sampleMs = 10_000;

/** What does the steps. */
function createExecutors(options: {
  config: Config;
  connectors: ReadonlyMap<string, Connector>;
  client: ReturnType<typeof createProviderClient>;
}) {
  const http = createGuardedHttp({ allowedPrivate: options.config.allowedPrivate });
  const functions = createFunctionRunner();
  const executors: StepExecutors = {
    action: createActionExecutor({ ...options, http }),
    integrationRequest: createIntegrationRequestExecutor(options),
    request: createRequestExecutor({ http }),
    function: createFunctionExecutor(functions),
    response: createResponseExecutor(),
  };
  return {
    executors,
    functions,
    async close() {
      await functions.close();
      await http.close();
    },
  };
}
