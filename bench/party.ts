import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process that takes part in a benchmark. */
export interface Party<Facts> {
  /** What it said when it was ready. */
  facts: Facts;
  ask<Answer>(question: object): Promise<Answer>;
  /** Processor time used since it was started, in its user and kernel parts together. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a file as a process of its own. Who dies early is an error of whoever waits for it. */
export async function startParty<Facts>(file: string, args: string[] = []): Promise<Party<Facts>> {
  const child = fork(new URL(file, import.meta.url), args, { serialization: "advanced" });
  const facts = await answerOf<Facts>(child);
  const ask = <Answer>(question: object) => {
    const answer = answerOf<Answer>(child);
    child.send(question);
    return answer;
  };
  return {
    facts,
    ask,
    cpuMs: () => ask<number>({ cpu: true }),
    async stop() {
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A party ended early (${code}).`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      // Both ends are files of this benchmark.
      resolve(message as Answer);
    });
  });
}

/** In the party: says that it is ready, and answers until nobody asks any more. */
export function serveParty(options: {
  facts: object;
  answer?: (question: object) => Promise<unknown>;
  stop?: () => Promise<void>;
}): void {
  const answer = async (question: object) => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1_000;
    process.send?.("cpu" in question ? cpuMs : await options.answer?.(question));
  };
  process.on("message", (question: object) => void answer(question));
  process.on(
    "disconnect",
    () => void (options.stop?.() ?? Promise.resolve()).then(() => process.exit()),
  );
  process.send?.(options.facts);
}
