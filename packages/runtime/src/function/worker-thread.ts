import { Worker } from "node:worker_threads";
import type { WorkerMessage, WorkerTask } from "./worker-messages.ts";

/** How a task ended that the thread itself could not tell of. */
export type ThreadLoss = "timeout" | "memory" | "crash" | "closed";

export type ThreadReply = Extract<WorkerMessage, { outcome: unknown }>;

/** Of its JavaScript; the memory of functions is QuickJS's own and limited by it. */
const resourceLimits = { maxOldGenerationSizeMb: 512, stackSizeMb: 32 };

interface Current {
  resolve: (reply: ThreadReply) => void;
  reject: (loss: ThreadLoss) => void;
  timer: NodeJS.Timeout;
}

/**
 * One worker thread: takes one task at a time.
 *
 * - Each task ends: with the thread's reply, or with the thread where it does not reply in time.
 * - A thread that ended or was ended takes no task; {@link alive} is false.
 * - It keeps the process alive only while it works.
 */
export class WorkerThread {
  readonly #worker: Worker;
  #current: Current | undefined;
  #alive = true;
  #tasks = 0;
  readonly ready: Promise<void>;

  constructor() {
    this.#worker = new Worker(new URL("worker.ts", import.meta.url), {
      name: "function",
      env: {},
      // Types are stripped from users' code with an interface that Node calls experimental.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      resourceLimits,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: WorkerMessage) => {
        if ("ready" in message) resolve();
        else this.#finish(message);
      });
      this.#worker.on("error", (error) => {
        reject(error);
        const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
        this.end(isMemory ? "memory" : "crash");
      });
      this.#worker.on("exit", () => {
        reject(new Error("The thread ended before it was ready"));
        this.end("crash");
      });
    });
    // It is looked at where the thread is waited for; by then it may long be settled.
    this.ready.catch(() => {});
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Tasks done. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Does a task, once {@link ready}. Rejects with a {@link ThreadLoss}. */
  perform(task: WorkerTask, withinMs: number): Promise<ThreadReply> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject("closed" satisfies ThreadLoss);
      this.#worker.ref();
      // A reply that is already here counts: it is delivered before setImmediate.
      const timer = setTimeout(() => setImmediate(() => this.#overrun(timer)), withinMs);
      this.#current = { resolve, reject, timer };
      this.#worker.postMessage(task, []);
    });
  }

  /** Ends the thread, whatever it does. Its task rejects. */
  end(loss: ThreadLoss): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#take()?.reject(loss);
    void this.#worker.terminate();
  }

  /** Resolves once the thread is gone. */
  async terminated(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(): Current | undefined {
    const current = this.#current;
    this.#current = undefined;
    clearTimeout(current?.timer);
    return current;
  }

  #overrun(timer: NodeJS.Timeout): void {
    if (this.#current?.timer === timer) this.end("timeout");
  }

  #finish(reply: ThreadReply): void {
    this.#tasks += 1;
    this.#worker.unref();
    this.#take()?.resolve(reply);
  }
}
