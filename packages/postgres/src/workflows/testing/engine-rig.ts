import { randomUUID } from "node:crypto";
import type { Log } from "@tenon/connections";
import {
  createEngine,
  type EngineTiming,
  type Limits,
  type NewRun,
  type RunStatus,
  type RunStore,
  type StepContext,
  type StepExecutor,
  type StepExecutors,
} from "@tenon/runtime";
import { Definition, type DefinitionInput, type Plan, planWorkflow } from "@tenon/workflow";
import { createChangeFeed } from "../../change-feed.ts";
import type { TestDatabase } from "../../testing/test-database.ts";
import { createRunControls } from "../run-controls.ts";
import { createRunHistory } from "../run-history.ts";
import { createRunStore } from "../run-store.ts";

/** What a step of a test does; its name is the code of a function step or a request's URL. */
export type Doing = (context: StepContext) => unknown;

export interface EngineRigOptions {
  database: Pick<TestDatabase, "kysely" | "connectionConfig">;
  /** By name: `read` steps are repeated freely, `write` steps are journalled. */
  doings?: Record<string, Doing>;
  limits?: Limits;
  maxRuns?: number;
  secrets?: Record<string, string>;
  timing?: Partial<EngineTiming>;
  wrapStore?: (store: RunStore) => RunStore;
  /** Shared by the engines of a test. */
  project?: TestProject;
}

export interface TestProject {
  projectId: string;
  plans: Map<string, Plan>;
}

export async function createTestProject(
  { kysely }: Pick<TestDatabase, "kysely">,
  runPolicy = {},
): Promise<TestProject> {
  const projectId = randomUUID();
  await kysely
    .insertInto("projects")
    .values({
      id: projectId,
      title: "Test",
      sealed_data_key: Buffer.from("x"),
      run_policy: JSON.stringify(runPolicy),
    })
    .execute();
  return { projectId, plans: new Map() };
}

/** An engine on a database, whose steps are functions of the test. */
export async function createEngineRig(options: EngineRigOptions) {
  const { database, doings = {} } = options;
  const { kysely, connectionConfig } = database;
  const project = options.project ?? (await createTestProject(database));
  const changeFeed = createChangeFeed(connectionConfig);
  await changeFeed.ready;
  const store = createRunStore({
    db: kysely,
    connectionConfig,
    changeFeed,
    limits: options.limits ?? { perProject: 1_000, perUser: 1_000 },
  });
  const engine = createEngine({
    store: options.wrapStore?.(store) ?? store,
    readPlan: ({ versionId }) => {
      const plan = project.plans.get(versionId);
      if (plan === undefined) throw new Error(`No plan ${versionId}`);
      return plan;
    },
    readSecrets: async () => options.secrets ?? {},
    readAccessToken: async () => "access-token-of-the-test",
    executors: createTestExecutors(doings),
    log: silent,
    ...(options.maxRuns !== undefined && { maxRuns: options.maxRuns }),
    timing: { beatMs: 100, deadAfterMs: 500, pollMs: 100, drainMs: 2_000, ...options.timing },
  });
  const history = createRunHistory(kysely);
  const controls = createRunControls(kysely, () => engine.checkControls());
  const { projectId } = project;

  return {
    engine,
    history,
    controls,
    project,
    projectId,
    /** Makes a workflow known; answers its version's id. */
    define(definition: DefinitionInput, versionId: string = randomUUID()): string {
      project.plans.set(versionId, planWorkflow(Definition.parse(definition)));
      return versionId;
    },
    start: (versionId: string, run: Partial<NewRun> = {}) =>
      engine.start(newRun({ projectId, versionId, ...run })),
    async waitFor(runId: string, statuses: RunStatus[] = ["succeeded", "failed", "cancelled"]) {
      for (;;) {
        const run = await history.get(projectId, runId);
        if (run !== undefined && statuses.includes(run.status)) return run;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async output(runId: string, stepId: string, instance: number[] = []) {
      const found = await history.payload(projectId, runId, { stepId, instance, kind: "output" });
      return found?.value;
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      await changeFeed.stop();
    },
  };
}

export type EngineRig = Awaited<ReturnType<typeof createEngineRig>>;

export function newRun(run: Partial<NewRun> & Pick<NewRun, "projectId" | "versionId">): NewRun {
  return {
    id: randomUUID(),
    workflowId: "11111111-1111-4111-8111-111111111111",
    integrationId: "22222222-2222-4222-8222-222222222222",
    connectionId: "33333333-3333-4333-8333-333333333333",
    configurationId: "44444444-4444-4444-8444-444444444444",
    userId: "55555555-5555-4555-8555-555555555555",
    triggerType: "request",
    input: {},
    context: {
      user: { id: "ada", meta: { plan: "pro" } },
      connection: { id: "c", externalId: null, accountId: "a", providerData: {} },
      settings: { greeting: "Hi" },
      integrationSettings: {},
    },
    ...run,
  };
}

/** A trigger and steps that follow one another, unless they say otherwise. */
export function chain(...steps: DefinitionInput["steps"] & object): DefinitionInput {
  const linked = steps.map((step, index) => ({ next: steps[index + 1]?.id ?? null, ...step }));
  return { trigger: { id: "start", type: "request", next: steps[0]?.id ?? null }, steps: linked };
}

/** A step that only reads. */
export function read(id: string, parameters: Record<string, never> | object = {}, more = {}) {
  return { id, type: "function" as const, code: id, parameters: parameters as never, ...more };
}

/** A step whose repetition would be seen. */
export function write(id: string, body: unknown = null, more = {}) {
  return {
    id,
    type: "request" as const,
    method: "POST" as const,
    url: id,
    bodyType: "json" as const,
    body: body as never,
    ...more,
  };
}

function createTestExecutors(doings: Record<string, Doing>): StepExecutors {
  const executor = (effect: "read" | "write"): StepExecutor => ({
    effectOf: () => ({ effect, repeatable: false }),
    async run(context) {
      const { step } = context.planned;
      const doing = doings[step.id];
      if (doing !== undefined) return doing(context);
      return { input: context.input };
    },
  });
  return {
    function: executor("read"),
    request: executor("write"),
    action: executor("write"),
    integrationRequest: executor("write"),
    response: {
      effectOf: () => ({ effect: "read", repeatable: true }),
      run: async ({ input }) => ({ status: 200, headers: {}, body: input["body"] }),
    },
  };
}

const silent: Log = { info() {}, warn() {}, error() {} };
