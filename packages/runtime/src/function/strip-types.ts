import { stripTypeScriptTypes } from "node:module";
import type { CodeProblem } from "./function-call.ts";

/**
 * JavaScript of TypeScript, with everything at its place; or why not.
 *
 * - `damaged`: the parser itself broke, which code that is nested thousands deep can bring about. It
 *   does not recover in this thread, so the thread has to end. Never call this in the main thread
 *   with code of users.
 */
export type StrippedTypes =
  | { code: string }
  | { problem: CodeProblem; damaged: boolean; unsupported: boolean };

export function stripTypes(code: string): StrippedTypes {
  try {
    return { code: stripTypeScriptTypes(code) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = "code" in error ? error.code : undefined;
    const unsupported = kind === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
    if (unsupported || kind === "ERR_INVALID_TYPESCRIPT_SYNTAX") {
      const problem = { message: error.message, ...placeIn(error.stack ?? "") };
      return { problem, damaged: false, unsupported };
    }
    const message = "The code is nested too deeply to be read as TypeScript";
    return { problem: { message, line: 1, column: 1 }, damaged: true, unsupported };
  }
}

/** Node puts the place before the error: `:<line>`, that line of the code, and a caret below it. */
function placeIn(stack: string): { line: number; column: number } {
  const [, line] = /^[^\n]*:(\d+)\n/.exec(stack) ?? [];
  const [, indent = ""] = /\n([ \t]*)\^/.exec(stack) ?? [];
  return { line: Number(line ?? 1), column: indent.length + 1 };
}
