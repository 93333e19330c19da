import { functionLimits } from "./function-call.ts";
import { type ThreadReply, WorkerThread } from "./worker-thread.ts";
import type { WorkerTask } from "./worker-messages.ts";

/** After so many tasks a thread is replaced: a safeguard, as nothing is known to pile up. */
const maxTasks = 5000;
/** Beyond a task's own time: to read its code, and to notice by itself that it is over time. */
const graceMs = 5000;
const checkMs = 10_000;
/** A thread that nobody needed for so long gives its memory back. */
const defaultIdleMs = 60_000;

interface Waiting {
  resolve: (thread: WorkerThread) => void;
  reject: (reason: unknown) => void;
}

/** Why a task was not begun. */
export class NotBegun extends Error {
  override readonly name = "NotBegun";
}

/**
 * Threads that are started when they are needed, up to a number, and shared by all calls in the
 * order in which they came.
 *
 * - A call that waits holds no thread; one that is cancelled while it waits leaves the queue.
 * - A call that is cancelled while it runs ends its thread, since nothing else surely stops code.
 * - After {@link close} nothing is begun, and what runs is ended.
 */
export class WorkerPool {
  readonly #max: number;
  readonly #idleMs: number;
  /** With what ends each of them when it stays idle. The one used last is taken first. */
  readonly #idle: { thread: WorkerThread; timer: NodeJS.Timeout }[] = [];
  readonly #threads = new Set<WorkerThread>();
  readonly #queue = new Set<Waiting>();
  #closed = false;

  constructor(max: number, idleMs: number = defaultIdleMs) {
    this.#max = max;
    this.#idleMs = idleMs;
  }

  /** Threads that are alive. */
  get size(): number {
    return this.#threads.size;
  }

  /**
   * Does a task in a thread of its own.
   *
   * Rejects with a ThreadLoss where the thread was lost, the signal's reason where it was cancelled,
   * and {@link NotBegun}.
   */
  async perform(task: WorkerTask, signal: AbortSignal): Promise<ThreadReply["outcome"]> {
    const thread = await this.#acquire(signal);
    const cancel = () => thread.end("closed");
    signal.addEventListener("abort", cancel, { once: true });
    try {
      signal.throwIfAborted();
      const withinMs = task.kind === "run" ? task.timeoutMs + graceMs : checkMs;
      const { outcome, retire } = await thread.perform(task, withinMs);
      if (retire || thread.tasks >= maxTasks) thread.end("closed");
      return outcome;
    } catch (loss) {
      signal.throwIfAborted();
      throw loss;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#release(thread);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue) reject(new NotBegun("Functions are shutting down"));
    this.#queue.clear();
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    const threads = [...this.#threads];
    for (const thread of threads) thread.end("closed");
    await Promise.all(threads.map((thread) => thread.terminated()));
  }

  async #acquire(signal: AbortSignal): Promise<WorkerThread> {
    signal.throwIfAborted();
    if (this.#closed) throw new NotBegun("Functions are shutting down");
    const idle = this.#takeIdle();
    if (idle !== undefined) return idle;
    if (this.#queue.size >= functionLimits.queue) throw new NotBegun("Too many functions wait");
    const waiting = this.#wait(signal);
    if (this.#threads.size < this.#max) void this.#start();
    return waiting;
  }

  #takeIdle(): WorkerThread | undefined {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) return undefined;
      clearTimeout(idle.timer);
      if (idle.thread.alive) return idle.thread;
      this.#threads.delete(idle.thread);
    }
  }

  #wait(signal: AbortSignal): Promise<WorkerThread> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(waiting);
        reject(signal.reason);
      };
      const settled = () => signal.removeEventListener("abort", leave);
      const waiting: Waiting = {
        resolve: (thread) => (settled(), resolve(thread)),
        reject: (reason) => (settled(), reject(reason)),
      };
      this.#queue.add(waiting);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  async #start(): Promise<void> {
    const thread = new WorkerThread();
    this.#threads.add(thread);
    try {
      await thread.ready;
      this.#release(thread);
    } catch {
      this.#threads.delete(thread);
      this.#failOne();
    }
  }

  /** A thread that cannot start is told to one call only; the next has a try of its own. */
  #failOne(): void {
    const [first, ...others] = this.#queue;
    if (first === undefined) return;
    this.#queue.delete(first);
    first.reject(new NotBegun("A thread for functions could not be started"));
    if (others.length > 0 && !this.#closed) void this.#start();
  }

  #release(thread: WorkerThread): void {
    if (!thread.alive) this.#threads.delete(thread);
    const [first] = this.#queue;
    if (thread.alive && first !== undefined) {
      this.#queue.delete(first);
      return first.resolve(thread);
    }
    if (thread.alive) this.#rest(thread);
    else if (first !== undefined && !this.#closed) void this.#start();
  }

  #rest(thread: WorkerThread): void {
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((one) => one.thread === thread),
        1,
      );
      this.#threads.delete(thread);
      thread.end("closed");
    }, this.#idleMs);
    this.#idle.push({ thread, timer: timer.unref() });
  }
}
