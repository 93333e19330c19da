import { Kysely, PostgresDialect } from "kysely";
import { StepFailure, type StepContext } from "@tenon/runtime";
import { createPool } from "../../create-pool.ts";
import type { Database } from "../../tables.ts";
import { createEngineRig } from "./engine-rig.ts";
import { mixedWorkflows } from "./mixed-workflows.ts";

/** What the process is started with. */
export interface EngineProcessOrder {
  connectionConfig: { host: string; port: number; user: string; database: string };
  projectId: string;
  /** Where writes go: it counts them by their key. */
  receiverUrl: string;
}

/** Asked to start a run of a workflow; answers its id when the start was acknowledged. */
export interface StartOrder {
  id: string;
  workflow: number;
}

/** A process of Tenon that runs workflows, for tests that kill it. */
const order = JSON.parse(process.argv[2] ?? "") as EngineProcessOrder;
const pool = createPool(order.connectionConfig);
const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });

async function post({ idempotencyKey, planned }: StepContext): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${order.receiverUrl}/${planned.step.id}`, {
      method: "POST",
      headers: { "idempotency-key": idempotencyKey },
    });
  } catch (cause) {
    throw new StepFailure("request_unreachable", "The receiver broke off.", {
      transient: true,
      happened: "unknown",
      cause,
    });
  }
  if (response.status === 429) {
    throw new StepFailure("rate_limited", "429", { transient: true, retryAfterMs: 20 });
  }
  return { result: await response.text() };
}

const rig = await createEngineRig({
  database: { kysely, connectionConfig: order.connectionConfig },
  project: { projectId: order.projectId, plans: new Map() },
  doings: Object.fromEntries(["post", "again", "each", "last"].map((id) => [id, post])),
  timing: { beatMs: 300, deadAfterMs: 2_000, pollMs: 200 },
});
for (const [versionId, definition] of mixedWorkflows()) rig.define(definition, versionId);

process.on("message", (start: StartOrder) => {
  const versionId = [...rig.project.plans.keys()][start.workflow] ?? "";
  rig.start(versionId, { id: start.id, input: { n: start.workflow, list: [1, 2, 3] } }).then(
    () => process.send?.({ acknowledged: start.id }),
    // A start that fails is the test's to repeat.
    () => process.send?.({ refused: start.id }),
  );
});
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });
