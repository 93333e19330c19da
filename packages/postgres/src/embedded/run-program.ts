import { spawn } from "node:child_process";

/** The account a program runs as, where that is not our own. */
export interface Account {
  uid: number;
  gid: number;
}

export interface RunOptions {
  account?: Account | undefined;
  cwd?: string | undefined;
  env?: Record<string, string>;
}

export interface RunResult {
  /** Exit code, or a system error such as `EACCES` when the program could not be started. */
  outcome: number | string;
  output: string;
  errorOutput: string;
}

/** Runs a program to its end. Never throws: what went wrong is in the result. */
export function runProgram(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const result: RunResult = { outcome: "signal", output: "", errorOutput: "" };
    const { account, cwd, env } = options;
    const child = spawn(program, args, {
      ...account,
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (result.output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (result.errorOutput += text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ ...result, outcome: error.code ?? "unknown", errorOutput: error.message });
    });
    child.on("close", (code) => resolve({ ...result, outcome: code ?? "signal" }));
  });
}
