import type { RunHistory, RunSummary } from "@tenon/runtime";
import type { Logger } from "pino";

type Listener = (run: RunSummary) => void;

/** Tells of the runs of projects as they change. */
export interface RunFeed {
  /** Changes from now on, or from a time on; ends with the signal. */
  subscribe(
    projectId: string,
    options: { since: Date | undefined; signal: AbortSignal; onRun: Listener },
  ): void;
}

const pauseMs = 500;
/** What another process commits may be this much older than what was read already. */
const overlapMs = 3_000;
const maxPages = 10;
const pageSize = 200;

/**
 * Reads what changed, once for all who follow a project.
 *
 * - Each change is told at least once: a commit that becomes visible late is caught by reading the
 *   last seconds again, and what was told already is not told again. The clocks of this process and
 *   of the database may differ by as much.
 * - A project that changes faster than this reads is told late; nothing is left out.
 * - While the database is away it asks again.
 */
export function createRunFeed({ history, log }: { history: RunHistory; log: Logger }): RunFeed {
  const watches = new Map<string, Watch>();

  return {
    subscribe(projectId, { since, signal, onRun }) {
      if (since !== undefined) {
        // A view that was cut off reads what it missed by itself, then follows with the others.
        readChanges({ history, projectId }, since, onRun).catch((error: unknown) =>
          log.warn({ err: error, projectId }, "A live view misses what changed while it was away"),
        );
      }
      let watch = watches.get(projectId);
      if (!watch) {
        watch = new Watch(history, projectId, log);
        watches.set(projectId, watch);
      }
      watch.listeners.add(onRun);
      signal.addEventListener(
        "abort",
        () => {
          watch.listeners.delete(onRun);
          if (watch.listeners.size > 0) return;
          watch.stop();
          if (watches.get(projectId) === watch) watches.delete(projectId);
        },
        { once: true },
      );
    },
  };
}

class Watch {
  readonly listeners = new Set<Listener>();
  readonly #history: RunHistory;
  readonly #projectId: string;
  readonly #log: Logger;
  /** Runs told, by id: what was told of them, and of which time. */
  readonly #told = new Map<string, { text: string; at: number }>();
  #readTo = new Date();
  /** Where a read that did not come to its end goes on. */
  #rest: Date | undefined;
  #timer: NodeJS.Timeout;

  constructor(history: RunHistory, projectId: string, log: Logger) {
    this.#history = history;
    this.#projectId = projectId;
    this.#log = log;
    this.#timer = setTimeout(() => void this.#poll(), pauseMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      this.#log.warn(
        { err: error, projectId: this.#projectId },
        "Live views wait for the database",
      );
    }
    if (this.listeners.size > 0) this.#timer = setTimeout(() => void this.#poll(), pauseMs);
  }

  async #read(): Promise<void> {
    const floor = new Date(this.#readTo.getTime() - overlapMs);
    const rest = await readChanges(
      { history: this.#history, projectId: this.#projectId },
      this.#rest ?? floor,
      (run) => this.#tell(run),
    );
    this.#rest = rest;
    const kept = rest && rest < floor ? rest : floor;
    for (const [id, { at }] of this.#told) if (at < kept.getTime()) this.#told.delete(id);
  }

  #tell(run: RunSummary): void {
    if (run.updatedAt > this.#readTo) this.#readTo = run.updatedAt;
    const text = `${run.status} ${run.taskCount} ${run.updatedAt.getTime()}`;
    if (this.#told.get(run.id)?.text === text) return;
    this.#told.set(run.id, { text, at: run.updatedAt.getTime() });
    for (const listener of this.listeners) listener(run);
  }
}

/** Reads what changed since, in pages; answers where to go on if that was not all. */
async function readChanges(
  of: { history: RunHistory; projectId: string },
  since: Date,
  onRun: Listener,
): Promise<Date | undefined> {
  let from = since;
  for (let page = 0; page < maxPages; page += 1) {
    const runs = await of.history.changedSince(of.projectId, from);
    for (const run of runs) onRun(run);
    const last = runs.at(-1);
    if (!last || runs.length < pageSize) return undefined;
    from = next(from, last.updatedAt);
  }
  return from;
}

/** Where the next page begins; a page full of one instant must not be read for ever. */
function next(from: Date, last: Date): Date {
  return last > from ? last : new Date(from.getTime() + 1);
}
