import { setTimeout as sleep } from "node:timers/promises";
import { runs } from "@tenon/contract";
import { type ApiClient, ApiError } from "./api-client.ts";
import type { SentEvent } from "./read-events.ts";

const retryMs = 1000;
const maxRetries = 30;

/** Prints a run's steps as they happen, until it is over; answers 0 where it succeeded, else 1. */
export async function followRun(
  client: ApiClient,
  runId: string,
  { json }: { json: boolean },
): Promise<number> {
  let status: string | undefined;
  for await (const event of readToEnd(client, runId)) {
    if (json) console.log(JSON.stringify({ event: event.name, data: event.data }));
    else if (event.name === "step") printStep(event);
    else status = printRun(event, status);
    if (event.name === "end") return runs.Run.parse(event.data).status === "succeeded" ? 0 : 1;
  }
  throw new ApiError("The connection to Tenon was lost. The run goes on without being followed.");
}

/** The run's events; a stream that breaks off is taken up again where it ended, as long as it helps. */
async function* readToEnd(client: ApiClient, runId: string): AsyncGenerator<SentEvent> {
  let lastEventId: string | undefined;
  for (let failures = 0; failures <= maxRetries; failures += 1) {
    const events = client.follow(runs.followRun, { params: { runId }, lastEventId });
    for (;;) {
      const next = await readNext(events, lastEventId !== undefined);
      if (next === undefined) break;
      failures = 0;
      lastEventId = next.id;
      yield next;
    }
    await sleep(retryMs);
  }
}

/** The next event; undefined where the stream ended or broke off. What is refused stays refused. */
async function readNext(
  events: AsyncGenerator<SentEvent>,
  hasBegun: boolean,
): Promise<SentEvent | undefined> {
  try {
    const { done, value } = await events.next();
    return done === true ? undefined : value;
  } catch (error) {
    if (!hasBegun || isRefusal(error)) throw error;
    return undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.cause === undefined;
}

/** Prints how the run stands, where that is not what was printed last; answers it. */
function printRun({ id, name, data }: SentEvent, before: string | undefined): string {
  const run = runs.Run.parse(data);
  const status = `${run.status}${run.dateWake === undefined ? "" : ` until ${run.dateWake}`}`;
  // The id of an event is when it happened; a run that is worked on changes with each step.
  const at = name === "end" ? run.dateUpdated : id;
  if (status !== before) console.log(`${at}  run ${status}`);
  if (name === "end" && run.error) console.log(`  ${run.error.code}: ${run.error.message}`);
  return status;
}

function printStep({ data }: SentEvent): void {
  const step = runs.StepRun.parse(data);
  const place = step.instance.length === 0 ? "" : ` [${step.instance.join(".")}]`;
  const attempts = step.attempts.length > 1 ? ` (attempt ${step.attempts.length})` : "";
  console.log(`${step.dateUpdated}  ${step.stepId}${place} ${step.status}${attempts}`);
  if (step.error) console.log(`  ${step.error.code}: ${step.error.message}`);
}
