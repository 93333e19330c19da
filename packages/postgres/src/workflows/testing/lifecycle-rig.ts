import { randomUUID } from "node:crypto";
import {
  type ChangeFeed,
  createKeyRingText,
  createSealer,
  type Log,
  parseKeyRing,
} from "@tenon/connections";
import { notion } from "@tenon/notion";
import {
  createEnvironmentSecrets,
  createLifecycle,
  createPlanSource,
  type Engine,
  type NewRun,
  type PlanSource,
  type RunStatus,
  type WorkflowUser,
} from "@tenon/runtime";
import type { DefinitionInput } from "@tenon/workflow";
import { createChangeFeed } from "../../change-feed.ts";
import { createConnectionStore } from "../../connections/connection-store.ts";
import { createDataKeyStore } from "../../connections/data-key-store.ts";
import type { TestDatabase } from "../../testing/test-database.ts";
import { createLifecycleStores } from "../lifecycle-stores.ts";
import { createRunControls } from "../run-controls.ts";
import { createRunHistory } from "../run-history.ts";
import { createSecretStore } from "../secret-store.ts";

/** An engine that only writes down what it was asked to start; the same id is one run. */
export interface RecordingEngine extends Engine {
  readonly runs: Map<string, NewRun>;
  /** How many starts were asked for, repeats included. */
  readonly starts: NewRun[];
  /** While set, starting throws it. */
  fault: Error | undefined;
}

export function createRecordingEngine(): RecordingEngine {
  const runs = new Map<string, NewRun>();
  const starts: NewRun[] = [];
  return {
    runs,
    starts,
    fault: undefined,
    async start(run) {
      if (this.fault !== undefined) throw this.fault;
      starts.push(run);
      if (!runs.has(run.id)) runs.set(run.id, structuredClone(run));
      return { id: run.id, status: "running" satisfies RunStatus };
    },
    waitForReply: async () => ({ kind: "timeout" }),
    checkControls() {},
    countUnderWay: () => 0,
    async close() {},
  };
}

/** What an engine of a test shares with the lifecycle. */
export interface EngineParts {
  plans: PlanSource;
  changeFeed: ChangeFeed;
}

export type LifecycleRig = Awaited<ReturnType<typeof createLifecycleRig>>;

/** The lifecycle as one process has it. Several on one database are several processes. */
export async function createLifecycleRig(
  database: TestDatabase,
  options: { keyRing?: string; createEngine?: (parts: EngineParts) => Engine } = {},
) {
  const { kysely: db } = database;
  const changeFeed = createChangeFeed(database.connectionConfig);
  await changeFeed.ready;
  const keyRing = options.keyRing ?? createKeyRingText();
  const dataKeys = createDataKeyStore(db);
  const sealer = createSealer({ keyRing: parseKeyRing(keyRing), dataKeys, changeFeed });
  const stores = createLifecycleStores(db);
  const recording = createRecordingEngine();
  const logged: { facts: object; message: string }[] = [];
  const write = (facts: object, message: string) => void logged.push({ facts, message });
  const log: Log = { info: write, warn: write, error: write };
  const { workflows } = stores;
  const secrets = createEnvironmentSecrets({
    secrets: createSecretStore(db),
    workflows,
    sealer,
    changeFeed,
  });
  const plans = createPlanSource(workflows);
  const engine = options.createEngine?.({ plans, changeFeed }) ?? recording;
  const history = createRunHistory(db);
  const connections = createConnectionStore(db);
  const lifecycle = createLifecycle({
    stores,
    connections,
    connectors: new Map([[notion.id, notion]]),
    checkCode: async () => undefined,
    engine,
    history,
    controls: createRunControls(db, () => undefined),
    secrets,
    plans,
    changeFeed,
    log,
  });
  return {
    ...lifecycle,
    db,
    stores,
    secrets,
    plans,
    history,
    connections,
    changeFeed,
    sealer,
    keyRing,
    engine: recording,
    logged,
    async [Symbol.asyncDispose]() {
      await lifecycle.close();
      await engine.close();
      secrets.close();
      sealer.close();
      await changeFeed.stop();
    },
  };
}

export interface TestProject {
  projectId: string;
  integrationId: string;
}

export async function createTestProject({ db, sealer }: LifecycleRig): Promise<TestProject> {
  const projectId = randomUUID();
  await db
    .insertInto("projects")
    .values({ id: projectId, title: "Test", sealed_data_key: sealer.createDataKey(projectId) })
    .execute();
  const integrationId = randomUUID();
  await db
    .insertInto("integrations")
    .values({ id: integrationId, project_id: projectId, connector_id: notion.id, portal: "{}" })
    .execute();
  return { projectId, integrationId };
}

export async function addUser(
  { db }: LifecycleRig,
  { projectId }: TestProject,
  meta: Record<string, unknown> = {},
): Promise<WorkflowUser> {
  const id = randomUUID();
  const externalId = `user-${id.slice(0, 8)}`;
  await db
    .insertInto("connected_users")
    .values({ id, project_id: projectId, external_id: externalId, meta: JSON.stringify(meta) })
    .execute();
  return { id, projectId, externalId, meta };
}

/** A connection with its default configuration, as a sign-in makes it. */
export async function addConnection(
  { db }: LifecycleRig,
  { projectId, integrationId }: TestProject,
  user: WorkflowUser,
  facts: { externalId?: string; status?: "VALID" | "INVALID" } = {},
): Promise<{ connectionId: string; configurationId: string }> {
  const connectionId = randomUUID();
  const configurationId = randomUUID();
  await db
    .insertInto("connections")
    .values({
      id: connectionId,
      project_id: projectId,
      integration_id: integrationId,
      connector_id: notion.id,
      user_id: user.id,
      external_id: facts.externalId ?? null,
      status: facts.status ?? "VALID",
      account_id: `account-${connectionId}`,
      provider_data: JSON.stringify({ workspace_name: "Space" }),
      client_id: "client",
      base_url: "http://127.0.0.1:1",
      sealed_tokens: Buffer.from("x"),
    })
    .execute();
  await db
    .insertInto("configurations")
    .values({
      id: configurationId,
      project_id: projectId,
      connection_id: connectionId,
      is_default: true,
      workflow_settings: "{}",
      shared_settings: "{}",
      meta: "{}",
    })
    .execute();
  return { connectionId, configurationId };
}

const wait = { id: "wait", type: "delay", value: 1, unit: "seconds" } as const;

/** A workflow of one step with a trigger of the test's. */
export function definitionWith(
  trigger: DefinitionInput["trigger"],
  steps: DefinitionInput["steps"] = [wait],
): DefinitionInput {
  return { trigger: { ...trigger, next: steps[0]?.id ?? null }, steps };
}

export const requestTrigger = { id: "start", type: "request" } as const;
export const everySecond = { id: "start", type: "schedule", cron: "* * * * * *" } as const;

/** Makes a workflow and deploys it. */
export async function deployed(
  { workflows }: LifecycleRig,
  { projectId, integrationId }: TestProject,
  definition: DefinitionInput,
  change: Parameters<LifecycleRig["workflows"]["update"]>[2] = {},
) {
  const { id } = await workflows.create(projectId, integrationId, {
    title: "Test workflow",
    definition: { ...definition },
  });
  if (Object.keys(change).length > 0) await workflows.update(projectId, id, change);
  return workflows.deploy(projectId, id);
}
