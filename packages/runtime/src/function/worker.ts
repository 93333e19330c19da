/** The thread that functions run in, one at a time. It has no environment and nothing to tell. */
import { parentPort } from "node:worker_threads";
import { CodeRun } from "./code-run.ts";
import type { FunctionCall } from "./function-call.ts";
import { type FunctionSource, type ReadSource, readSource } from "./function-source.ts";
import { Sandbox } from "./sandbox.ts";
import { useUtcDates } from "./utc-dates.ts";
import type { WorkerMessage, WorkerOutcome, WorkerTask } from "./worker-messages.ts";

const maxSources = 50;
/** Reading code takes time too, but not of the function's. */
const readMs = 5000;

let sandbox: Sandbox | undefined;
const sources = new Map<string, FunctionSource>();

async function usableSandbox(): Promise<Sandbox> {
  if (sandbox === undefined || !sandbox.reusable) sandbox = await Sandbox.create();
  return sandbox;
}

async function freshSandbox(libraries: readonly string[]): Promise<Sandbox> {
  const usable = await usableSandbox();
  usable.reset(libraries);
  return usable;
}

/** Code that runs often is read once. */
async function read(code: Pick<FunctionCall, "code" | "language">): Promise<ReadSource> {
  const key = `${code.language} ${code.code}`;
  const known = sources.get(key);
  if (known !== undefined) return { source: known };
  const fresh = await freshSandbox([]);
  const nothing = { write: () => {}, startTimer: () => {}, stopTimer: () => {} };
  fresh.limit({ memoryMb: 256, deadline: performance.now() + readMs }, nothing);
  const read = readSource(code, fresh);
  if ("problem" in read) return read;
  const [oldest] = sources.keys();
  if (sources.size >= maxSources && oldest !== undefined) sources.delete(oldest);
  sources.set(key, read.source);
  return read;
}

async function perform(task: WorkerTask): Promise<WorkerMessage> {
  const found = await read(task);
  if ("problem" in found) return unread(task, found);
  if (task.kind === "check") {
    return { outcome: { kind: "checked", problem: undefined }, retire: false };
  }
  const fresh = await freshSandbox(found.source.libraries);
  return { outcome: await new CodeRun(fresh, found.source, task).run(), retire: false };
}

function unread(
  { kind }: WorkerTask,
  { problem, damaged }: Extract<ReadSource, { problem: unknown }>,
): WorkerMessage {
  if (kind === "check") return { outcome: { kind: "checked", problem }, retire: damaged };
  const { message, line, column } = problem;
  const failure = {
    code: "function_failed",
    message: `The function's code cannot be read: ${message} (line ${line}, column ${column})`,
    thrown: { name: "SyntaxError", message, stack: "", line, column },
  } as const;
  return { outcome: { kind: "failed", failure, console: [] }, retire: damaged };
}

/** An exception that left the sandbox: of its own stack, or worse. Nothing of it is used again. */
function broken(task: WorkerTask, error: unknown): WorkerMessage {
  sandbox = undefined;
  const tooDeep = error instanceof RangeError;
  const message = tooDeep
    ? "The function nests calls or data too deeply"
    : "The function broke its sandbox off; nothing else was affected";
  const outcome: WorkerOutcome =
    task.kind === "check"
      ? { kind: "checked", problem: { message, line: 1, column: 1 } }
      : { kind: "failed", failure: { code: "function_failed", message }, console: [] };
  return { outcome, retire: !tooDeep };
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message, []);
}

async function answer(task: WorkerTask): Promise<void> {
  post(await perform(task).catch((error: unknown) => broken(task, error)));
  // A sandbox that has grown is given back at once, and the next call need not wait for its successor.
  await usableSandbox();
}

useUtcDates();
let work: Promise<unknown> = usableSandbox();
parentPort?.on("message", (task: WorkerTask) => {
  work = work.then(() => answer(task));
});
await work;
post({ ready: true });
