import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EngineProcessOrder, StartOrder } from "./engine-process.ts";

/** Processes of Tenon of which one or the other is killed. */
export class EngineProcesses {
  readonly #order: EngineProcessOrder;
  readonly #children: (ChildProcess | undefined)[];
  readonly #answered = new Map<string, (acknowledged: boolean) => void>();
  #turn = 0;

  constructor(order: EngineProcessOrder, count: number) {
    this.#order = order;
    this.#children = Array.from({ length: count }, () => undefined);
  }

  async startAll(): Promise<void> {
    await Promise.all(this.#children.map((_, index) => this.revive(index)));
  }

  /** Starts a process in the place of one that was killed. */
  async revive(index: number): Promise<void> {
    const script = join(import.meta.dirname, "engine-process.ts");
    const child = fork(script, [JSON.stringify(this.#order)], { execArgv: [], stdio: "inherit" });
    await once(child, "message");
    // Each start that waits for its answer listens for the end.
    child.setMaxListeners(100);
    child.on("message", (message: { acknowledged?: string; refused?: string }) => {
      const id = message.acknowledged ?? message.refused ?? "";
      this.#answered.get(id)?.(message.acknowledged !== undefined);
    });
    this.#children[index] = child;
  }

  async kill(index: number): Promise<void> {
    const child = this.#children[index];
    this.#children[index] = undefined;
    if (child === undefined) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** Starts a run, however often it takes; resolves when it is acknowledged. */
  async startRun(start: StartOrder): Promise<void> {
    for (;;) {
      if (await this.#tryToStart(start)) return;
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((_, index) => this.kill(index)));
  }

  async #tryToStart(start: StartOrder): Promise<boolean> {
    this.#turn += 1;
    const child = this.#children[this.#turn % this.#children.length];
    if (child === undefined || !child.connected) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#answered.set(start.id, resolve);
    const died = () => resolve(false);
    child.once("exit", died);
    child.send(start, (error) => error && resolve(false));
    const acknowledged = await promise;
    child.off("exit", died);
    this.#answered.delete(start.id);
    return acknowledged;
  }
}
