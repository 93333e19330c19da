import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RenewalOrder, RenewalReport } from "./renewal-process.ts";

/** Starts a process of Tenon and waits until it can be told to renew. */
export async function startRenewalProcess(order: RenewalOrder) {
  const script = join(import.meta.dirname, "renewal-process.ts");
  const child = fork(script, [JSON.stringify(order)], { execArgv: [], stdio: "inherit" });
  const exited = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  await nextReport(child, exited);
  return {
    /** Answers, or undefined where the process died before it had them. */
    async renew() {
      const reported = nextReport(child, exited);
      child.send("go");
      const report = await reported.catch(() => undefined);
      return report?.kind === "done" ? report.answers : undefined;
    },
    exited,
  };
}

async function nextReport(child: ChildProcess, exited: Promise<unknown>): Promise<RenewalReport> {
  const died = exited.then(() => Promise.reject(new Error("The process ended early.")));
  const [report] = (await Promise.race([once(child, "message"), died])) as [RenewalReport];
  return report;
}
