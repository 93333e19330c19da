import { randomFillSync } from "node:crypto";
import type { QuickJSHandle } from "quickjs-emscripten-core";
import * as z from "zod";
import { type ErrorDescription, parseDescription } from "./error-description.ts";
import { type ConsoleLine, functionLimits } from "./function-call.ts";
import { type FunctionSource, placeOf } from "./function-source.ts";
import type { OperationRun } from "./host-operations.ts";
import { jsonDepth } from "./json-depth.ts";
import { type Answer, outOfMemory, type Sandbox } from "./sandbox.ts";
import type { CodeFailure, WorkerOutcome, WorkerTask } from "./worker-messages.ts";

type RunTask = Extract<WorkerTask, { kind: "run" }>;

/** What the sandbox's `invoke` answers; `result` and `thrown` are JSON. */
const Ended = z.object({
  result: z.string().optional(),
  refused: z.string().optional(),
  thrown: z.string().optional(),
});

/** One run of a function in a sandbox that was reset: its console, its timers, its end. */
export class CodeRun implements OperationRun {
  readonly #sandbox: Sandbox;
  readonly #source: FunctionSource;
  readonly #task: RunTask;
  readonly #console: ConsoleLine[] = [];
  #consoleCharacters = 0;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #due: number[] = [];
  #wake: () => void = () => {};

  constructor(sandbox: Sandbox, source: FunctionSource, task: RunTask) {
    this.#sandbox = sandbox;
    this.#source = source;
    this.#task = task;
  }

  write(line: ConsoleLine): void {
    const { consoleLines, consoleCharacters } = functionLimits;
    if (this.#console.length > consoleLines || this.#consoleCharacters > consoleCharacters) return;
    this.#consoleCharacters += line.text.length;
    const isFull =
      this.#console.length === consoleLines || this.#consoleCharacters > consoleCharacters;
    const text = "The console is full; what follows is not kept";
    this.#console.push(isFull ? { level: "warn", text } : line);
  }

  startTimer(id: number, ms: number, repeats: boolean): void {
    if (this.#timers.size >= functionLimits.timers) {
      throw new RangeError(`A function has at most ${functionLimits.timers} timers at a time`);
    }
    const fire = () => {
      if (!repeats) this.#timers.delete(id);
      this.#due.push(id);
      this.#wake();
    };
    // No timer outlives the deadline, so that longer ones, which Node would fire at once, just wait.
    const delay = Math.min(ms, 2 ** 31 - 1);
    this.#timers.set(id, repeats ? setInterval(fire, delay) : setTimeout(fire, delay));
  }

  stopTimer(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  async run(): Promise<WorkerOutcome> {
    const { memoryMb, timeoutMs } = this.#task;
    const deadline = performance.now() + timeoutMs;
    const overdue = setTimeout(() => this.#wake(), timeoutMs + 1);
    this.#sandbox.limit({ memoryMb, deadline }, this);
    try {
      return this.#outcomeOf(await this.#toEnd(this.#start()));
    } finally {
      clearTimeout(overdue);
      for (const timer of this.#timers.values()) clearTimeout(timer);
    }
  }

  /** Evaluates the code and calls its function: a promise of what `invoke` answers. */
  #start(): Answer {
    const seed = [...randomFillSync(new Int32Array(4))];
    const json = `{"seed":${JSON.stringify(seed)},"parameters":${this.#task.parameters}}`;
    const begun = this.#sandbox.call("begin", json);
    if ("thrown" in begun) return begun;
    const { text, file, form } = this.#source;
    const isModule = form === "module";
    const completion = this.#sandbox.evaluate(text, file, isModule ? "module" : "global");
    if ("thrown" in completion) return completion;
    return this.#sandbox.call("invoke", completion.value, isModule);
  }

  /** Runs promise jobs and timers until the function has answered, or cannot any more. */
  async #toEnd(started: Answer): Promise<Answer | "overdue" | "stuck"> {
    if ("thrown" in started) return started;
    for (;;) {
      const jobs = this.#runJobs();
      if (this.#sandbox.timedOut) return "overdue";
      if (jobs !== undefined) return { thrown: jobs };
      const settled = this.#sandbox.settled(started.value);
      if (settled !== undefined) return settled;
      if (this.#timers.size === 0 && this.#due.length === 0) return "stuck";
      const fired = await this.#nextTimer();
      if (fired !== undefined && "thrown" in fired) return fired;
    }
  }

  /** What a job threw that nobody can catch, such as a callback of queueMicrotask. */
  #runJobs(): QuickJSHandle | undefined {
    for (;;) {
      const { more, thrown } = this.#sandbox.runJobs();
      if (thrown !== undefined || !more) return thrown;
    }
  }

  async #nextTimer(): Promise<Answer | undefined> {
    if (this.#due.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const id = this.#due.shift();
    return id === undefined ? undefined : this.#sandbox.call("fireTimer", id);
  }

  #outcomeOf(end: Answer | "overdue" | "stuck"): WorkerOutcome {
    if (this.#sandbox.timedOut || end === "overdue") return this.#failed(this.#overdue());
    if (end === "stuck") return this.#failed(this.#sandbox.wasFull ? this.#full() : stuck);
    if ("thrown" in end) return this.#failed(this.#threw(this.#describe(end.thrown)));
    const { result, refused, thrown } = Ended.parse(JSON.parse(this.#sandbox.text(end.value)));
    if (thrown !== undefined) return this.#failed(this.#threw(parseDescription(thrown)));
    if (refused !== undefined) return this.#failed(failed(`The function's ${refused}`));
    if (result !== undefined && result.length > functionLimits.result) {
      const most = functionLimits.result;
      const message = `The function's result has ${result.length} characters of JSON; at most ${most} are kept. Return less.`;
      return this.#failed(failed(message));
    }
    if (result !== undefined && jsonDepth(result) > functionLimits.resultDepth) {
      const message = `The function's result is nested deeper than ${functionLimits.resultDepth} levels. Return something flatter.`;
      return this.#failed(failed(message));
    }
    return { kind: "done", result, console: this.#console };
  }

  #failed(failure: CodeFailure): WorkerOutcome {
    return { kind: "failed", failure, console: this.#console };
  }

  #overdue(): CodeFailure {
    const message = `The function ran longer than its ${this.#task.timeoutMs} ms. Make it do less, or raise its time limit.`;
    return { code: "function_timeout", message };
  }

  #full(): CodeFailure {
    const message = `The function used more than its ${this.#task.memoryMb} MB of memory. Make it hold less at a time, or raise its memory limit.`;
    return { code: "function_memory", message };
  }

  #describe(error: QuickJSHandle): ErrorDescription {
    const described = this.#sandbox.call("describe", error);
    if ("value" in described) return parseDescription(this.#sandbox.text(described.value));
    // Where even that fails, memory is so full that nothing can be called.
    return { name: "InternalError", message: outOfMemory, stack: "" };
  }

  #threw(error: ErrorDescription): CodeFailure {
    const isNothing = error.name === "" && error.message === "null";
    if (error.message === outOfMemory || (isNothing && this.#sandbox.wasFull)) return this.#full();
    const place = placeOf(error.stack, this.#source.form);
    const what = error.name === "" ? error.message : `${error.name}: ${error.message}`;
    const where = place === undefined ? "" : ` (line ${place.line}, column ${place.column})`;
    const message = `The function threw ${what}${where}`;
    return { code: "function_failed", message, thrown: { ...error, ...place } };
  }
}

function failed(message: string): CodeFailure {
  return { code: "function_failed", message };
}

const stuck = failed(
  "The function never answers: it awaits a promise that nothing resolves any more. Resolve it, or return without it.",
);
