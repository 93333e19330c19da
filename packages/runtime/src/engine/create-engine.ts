import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@tenon/connector";
import type { NewRun, RunStatus } from "../run.ts";
import type { Engine } from "./engine.ts";
import { LivingWorkers } from "./living-workers.ts";
import { Replies } from "./replies.ts";
import { type ExecutionSources, openExecution } from "./open-execution.ts";
import type { RunExecution } from "./run-execution.ts";
import type { ClaimCursor, ClaimedRun, RunStore } from "./run-store.ts";

export interface EngineOptions extends ExecutionSources {
  /** How many runs this process works on at a time. Default 200. */
  maxRuns?: number;
  timing?: Partial<EngineTiming>;
}

export interface EngineTiming {
  /** Between two signs of life. */
  beatMs: number;
  /** A worker that gave no sign for so long is dead. */
  deadAfterMs: number;
  /** The longest time between two looks for runs that are due or queued. */
  pollMs: number;
  /** What steps under way get to end when the process stops. */
  drainMs: number;
}

const defaultTiming: EngineTiming = {
  beatMs: 1_000,
  deadAfterMs: 5_000,
  pollMs: 1_000,
  drainMs: 10_000,
};

/**
 * Creates the engine: it runs workflows durably, on any number of processes that share a database.
 *
 * - A run is durable when {@link Engine.start} resolves. The process that took it begins at once.
 * - Before a write leaves the process it is written down that it will, together with all that led
 *   to it; reads and functions may simply be done again after a crash.
 * - A worker that dies is noticed within {@link EngineTiming.deadAfterMs} and its runs go on
 *   elsewhere. One that was only thought dead finds that its runs are not its own any more.
 */
export function createEngine(options: EngineOptions): Engine {
  return new WorkflowEngine(options);
}

class WorkflowEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #store: RunStore;
  readonly #timing: EngineTiming;
  readonly #maxRuns: number;
  readonly #workerId = randomUUID();
  readonly #working = new Set<Promise<void>>();
  /** Runs that this worker has, those that are being opened included. */
  readonly #held = new Map<string, RunExecution | undefined>();
  readonly #replies: Replies;
  readonly #living: LivingWorkers;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];
  readonly #unsubscribe: () => void;
  #starting = 0;
  #lastBeatMs = Number.NEGATIVE_INFINITY;
  #lastSweepMs = 0;
  #cursor: ClaimCursor | undefined;
  #mayHaveQueued = true;
  /** Something was queued while a claim was under way, which may not have seen it. */
  #wasToldMeanwhile = false;
  #claiming: Promise<void> | undefined;
  /** Runs that could not be begun or written, and how often. */
  readonly #troubled = new Map<string, number>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#maxRuns = options.maxRuns ?? 200;
    this.#replies = new Replies(options.store);
    this.#living = new LivingWorkers(this.#timing.deadAfterMs);
    this.#unsubscribe = this.#store.onQueued(() => this.#lookForQueued());
    this.#loops = [this.#keepBeating(), this.#keepWaking()];
  }

  async start(run: NewRun): Promise<{ id: string; status: RunStatus }> {
    const mayRun = this.#isKnown && !this.#isStopping && this.#room > 0;
    this.#starting += 1;
    try {
      const created = await this.#store.create(run, { id: this.#workerId, mayRun });
      if (created.kind === "exists") return { id: run.id, status: created.status };
      if (created.kind === "claimed") {
        this.#begin(created.run);
        return { id: run.id, status: "running" };
      }
    } finally {
      this.#starting -= 1;
    }
    this.#lookForQueued();
    return { id: run.id, status: "queued" };
  }

  waitForReply(runId: string, timeoutMs: number) {
    return this.#replies.wait(runId, timeoutMs, () => this.#held.has(runId));
  }

  countUnderWay(): number {
    return this.#held.size;
  }

  checkControls(): void {
    void this.#readControls().catch((err: unknown) =>
      this.#options.log.warn({ err }, "Cancellations are read with the next beat."),
    );
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#unsubscribe();
    for (const execution of this.#held.values()) execution?.stop("shutdown");
    await Promise.all(this.#loops);
    await this.#claiming;
    const timer = setTimeout(() => {
      for (const execution of this.#held.values()) execution?.kill();
    }, this.#timing.drainMs);
    await Promise.all(this.#working);
    clearTimeout(timer);
    await this.#store.leave(this.#workerId).catch((err: unknown) => {
      this.#options.log.warn({ err }, "Runs are left to be taken over.");
    });
    await this.#store.close();
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Others see that this worker lives: else what it took would be taken from it. */
  get #isKnown(): boolean {
    return performance.now() - this.#lastBeatMs < this.#timing.deadAfterMs / 2;
  }

  get #room(): number {
    return this.#maxRuns - this.#held.size - this.#starting;
  }

  #begin(run: ClaimedRun): void {
    this.#held.set(run.id, undefined);
    const work = this.#work(run)
      .catch((err: unknown) => {
        this.#options.log.error({ err, runId: run.id }, "A run could not be worked on");
      })
      .finally(() => {
        this.#working.delete(work);
        this.#held.delete(run.id);
        if (this.#mayHaveQueued) this.#lookForQueued();
      });
    this.#working.add(work);
  }

  async #work(run: ClaimedRun): Promise<void> {
    const execution = await this.#open(run).catch((error: unknown) => this.#giveUp(run, error));
    if (execution === undefined) return;
    this.#held.set(run.id, execution);
    if (this.#isStopping) execution.stop("shutdown");
    const status = await execution.execute();
    if (status !== undefined) this.#replies.tell(run.id, { kind: "ended", status });
    if (execution.fault !== undefined) await this.#giveUp(run, execution.fault);
    this.#troubled.delete(run.id);
  }

  #open(run: ClaimedRun): Promise<RunExecution> {
    return openExecution(this.#options, {
      run,
      workerId: this.#workerId,
      onReply: (reply) => this.#replies.tell(run.id, { kind: "reply", reply }),
    });
  }

  /** A run that cannot be worked on at this moment goes back into the queue, a few times. */
  async #giveUp(run: ClaimedRun, error: unknown): Promise<undefined> {
    const times = (this.#troubled.get(run.id) ?? 0) + 1;
    this.#troubled.set(run.id, times);
    const isFinal = error instanceof AppError || times >= maxTroubles;
    this.#options.log.error({ err: error, runId: run.id }, "A run could not be worked on");
    if (!isFinal && !this.#isStopping) await delay(this.#timing.pollMs);
    const failure = {
      code: error instanceof AppError ? error.code : "internal_error",
      message:
        error instanceof AppError
          ? error.message
          : "Something went wrong inside Tenon. Its log has the cause under the run's id.",
    };
    const end = isFinal
      ? { status: "failed" as const, error: failure, taskCount: run.taskCount }
      : { status: "queued" as const, taskCount: run.taskCount };
    if (isFinal) this.#troubled.delete(run.id);
    await this.#store.write(this.#workerId, { run, steps: [], end });
    if (isFinal) this.#replies.tell(run.id, { kind: "ended", status: "failed" });
    else this.#lookForQueued();
    return undefined;
  }

  /** Takes queued runs as long as there are some and there is room. */
  #lookForQueued(): void {
    this.#mayHaveQueued = true;
    if (this.#claiming !== undefined) this.#wasToldMeanwhile = true;
    if (this.#isStopping || this.#claiming !== undefined) return;
    this.#claiming = this.#claim()
      .catch((err: unknown) => {
        this.#options.log.warn({ err }, "Queued runs are looked for again in a moment");
      })
      .finally(() => {
        this.#claiming = undefined;
      });
  }

  async #claim(): Promise<void> {
    while (this.#isKnown && this.#mayHaveQueued && this.#room > 0 && !this.#isStopping) {
      this.#mayHaveQueued = false;
      this.#wasToldMeanwhile = false;
      const { runs, next, more } = await this.#store.claim({
        workerId: this.#workerId,
        slots: this.#room,
        after: this.#cursor,
      });
      this.#cursor = next;
      for (const run of runs) this.#begin(run);
      this.#mayHaveQueued ||= more;
      // What is queued now waits for a run of its user or project to end.
      if (runs.length === 0 && !this.#wasToldMeanwhile) return;
    }
  }

  async #keepBeating(): Promise<void> {
    while (!this.#isStopping) {
      try {
        const beats = await this.#store.beat(this.#workerId);
        this.#lastBeatMs = performance.now();
        await this.#takeOver(this.#living.findDead(beats, performance.now()));
        await this.#readControls();
      } catch (err) {
        this.#options.log.warn({ err }, "This worker could not give a sign of life");
      }
      await this.#pause(this.#timing.beatMs);
    }
  }

  /** Now and then also the runs of workers that nobody knows. */
  async #takeOver(dead: readonly string[]): Promise<void> {
    const nowMs = performance.now();
    if (dead.length === 0 && nowMs - this.#lastSweepMs < this.#timing.deadAfterMs) return;
    this.#lastSweepMs = nowMs;
    const runs = await this.#store.takeOver(dead);
    if (runs === 0 && dead.length === 0) return;
    this.#options.log.warn({ workers: dead, runs }, "Took over the runs of workers that died");
    this.#lookForQueued();
  }

  async #readControls(): Promise<void> {
    if (this.#held.size === 0) return;
    for (const { runId, control } of await this.#store.readControls(this.#workerId)) {
      this.#held.get(runId)?.stop(control);
    }
  }

  /** Puts runs whose time has come into the queue, and looks for what other processes queued. */
  async #keepWaking(): Promise<void> {
    while (!this.#isStopping) {
      let waitMs = this.#timing.pollMs;
      try {
        const nextAt = await this.#store.wake();
        if (nextAt !== undefined) waitMs = Math.min(waitMs, nextAt.getTime() - Date.now());
        this.#lookForQueued();
      } catch (err) {
        this.#options.log.warn({ err }, "Waiting runs are looked at again in a moment");
      }
      await this.#pause(Math.max(10, waitMs));
    }
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const maxTroubles = 5;
