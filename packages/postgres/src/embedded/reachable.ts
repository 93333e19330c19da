import { type Account, runProgram } from "./run-program.ts";

/** Whether the account can enter a folder or run a program, with all folders on the way to it. */
export async function isReachable(path: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  return (await runProgram("test", ["-x", path], { account })).outcome === 0;
}
