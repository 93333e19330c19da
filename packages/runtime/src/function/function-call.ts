/** One run of a function. */
export interface FunctionCall {
  code: string;
  language: "javascript" | "typescript";
  /** Copied as JSON. */
  parameters: Record<string, unknown>;
  /** Counted from when the code starts. */
  timeoutMs: number;
  memoryMb: number;
  signal: AbortSignal;
}

export const consoleLevels = ["debug", "log", "info", "warn", "error"] as const;
/** What a function wrote with `console`. */
export interface ConsoleLine {
  level: (typeof consoleLevels)[number];
  text: string;
}

/** Where code cannot be read. Line and column start at 1. */
export interface CodeProblem {
  message: string;
  line: number;
  column: number;
}

/** What is measured and cut, beside time and memory. */
export const functionLimits = {
  /** Characters of JSON. */
  parameters: 20_000_000,
  result: 10_000_000,
  /** Levels of lists and objects in a result: what reads it goes down by itself. */
  resultDepth: 500,
  consoleLines: 1000,
  consoleCharacters: 256_000,
  /** Timers that are set at the same time. */
  timers: 10_000,
  /** Calls that wait for a worker. */
  queue: 1000,
} as const;
