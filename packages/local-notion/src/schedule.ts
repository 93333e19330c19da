import type { Clock } from "./clock.ts";

interface Task {
  dueTime: number;
  run: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** What a timer can wait at most; longer waits are several. */
const longestWaitMs = 2 ** 31 - 1;

/**
 * Runs what is due at a time of the workspace's clock.
 *
 * - A clock that is moved forward makes due what lies between; one moved back lets everything wait
 *   as long as it would have.
 * - What is scheduled is in memory only and ends no later than the process.
 */
export class Schedule {
  readonly #clock: Clock;
  readonly #tasks = new Set<Task>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs once when the time has come, unless the returned function is called before. */
  at(dueTime: number, run: () => void): () => void {
    const task: Task = { dueTime, run, timer: undefined };
    this.#tasks.add(task);
    this.#arm(task);
    return () => this.#drop(task);
  }

  clockMoved(byMs: number): void {
    for (const task of this.#tasks) {
      if (byMs < 0) task.dueTime += byMs;
      this.#arm(task);
    }
  }

  clear(): void {
    for (const task of this.#tasks) this.#drop(task);
  }

  #arm(task: Task): void {
    clearTimeout(task.timer);
    const waitMs = Math.max(0, task.dueTime - this.#clock.now());
    task.timer = setTimeout(() => this.#ring(task, waitMs), Math.min(waitMs, longestWaitMs));
    task.timer.unref();
  }

  #ring(task: Task, waitedMs: number): void {
    if (waitedMs > longestWaitMs) return this.#arm(task);
    this.#drop(task);
    task.run();
  }

  #drop(task: Task): void {
    clearTimeout(task.timer);
    this.#tasks.delete(task);
  }
}
