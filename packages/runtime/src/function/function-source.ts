import { parseDescription } from "./error-description.ts";
import type { CodeProblem, FunctionCall } from "./function-call.ts";
import { librariesIn } from "./library-files.ts";
import type { Sandbox } from "./sandbox.ts";
import { stripTypes } from "./strip-types.ts";

/**
 * How code is run.
 *
 * - script: declares functions, or is an arrow function.
 * - expression: a function without a name; run in parentheses, which shift its first line by one.
 * - module: imports or exports, or awaits at its top.
 */
type Form = "script" | "expression" | "module";

export interface FunctionSource {
  /** JavaScript, ready to run, with each line where it was. */
  text: string;
  form: Form;
  file: string;
  libraries: string[];
}

export type ReadSource =
  | { source: FunctionSource }
  /** `damaged`: see {@link stripTypes}. */
  | { problem: CodeProblem; damaged: boolean };

type Code = Pick<FunctionCall, "code" | "language">;

const maxParenthesisShift = 1;

/** Line and column in what the user wrote, of a stack of the sandbox. */
export function placeOf(stack: string, form: Form): { line: number; column: number } | undefined {
  const [, line, column] = /\bfunction\.[jt]s:(\d+):(\d+)/.exec(stack) ?? [];
  if (line === undefined) return undefined;
  const shift = form === "expression" && line === "1" ? maxParenthesisShift : 0;
  return { line: Number(line), column: Math.max(1, Number(column ?? 1) - shift) };
}

function parenthesized(code: string): string {
  return `(${code.trimEnd().replace(/;$/, "")}\n)`;
}

/** Makes code JavaScript. A function without a name is no program, so that it is tried as a value. */
function toJavaScript({ code, language }: Code) {
  if (language === "javascript") return { plain: code, value: parenthesized(code) };
  const plain = stripTypes(code);
  if ("code" in plain) return { plain: plain.code, value: parenthesized(plain.code) };
  if (plain.damaged || plain.unsupported) return plain;
  const value = stripTypes(parenthesized(code));
  if ("code" in value) return { plain: undefined, value: value.code };
  return value.damaged ? value : plain;
}

/** A module that declares `yourFunction` means it, though it does not export it. */
function withDefault(text: string): string {
  const exportsDefault = /\bexport\s+default\b|\bas\s+default\b/.test(text);
  const declares = /\b(?:function|const|let|var)\s+yourFunction\b/.test(text);
  return !exportsDefault && declares ? `${text}\nexport default yourFunction;` : text;
}

function problemOf(
  sandbox: Sandbox,
  error: Parameters<Sandbox["text"]>[0],
  form: Form,
): CodeProblem {
  const described = sandbox.call("describe", error);
  if ("thrown" in described) return { message: "The code cannot be read", line: 1, column: 1 };
  const { message, stack } = parseDescription(sandbox.text(described.value));
  const place = placeOf(stack, form) ?? { line: 1, column: 1 };
  return { message: message === "" ? "The code cannot be read" : message, ...place };
}

/**
 * Finds out how code is to be run, by compiling it as each form, in a sandbox that was reset.
 * Nothing of the code is run.
 */
export function readSource(code: Code, sandbox: Sandbox): ReadSource {
  const script = toJavaScript(code);
  if ("problem" in script) return { problem: script.problem, damaged: script.damaged };
  const file = code.language === "typescript" ? "function.ts" : "function.js";
  const forms: { form: Form; text: string | undefined }[] = [
    { form: "script", text: script.plain },
    { form: "expression", text: script.value },
    { form: "module", text: script.plain === undefined ? undefined : withDefault(script.plain) },
  ];
  const problems = new Map<Form, CodeProblem>();
  for (const { form, text } of forms) {
    if (text === undefined) continue;
    const error = sandbox.compile(text, file, form === "module" ? "module" : "global");
    const libraries = librariesIn(text);
    if (error === undefined) return { source: { text, form, file, libraries } };
    problems.set(form, problemOf(sandbox, error, form));
  }
  const isModule = /^\s*(?:import|export)\b/m.test(code.code);
  const problem = problems.get(isModule ? "module" : "script") ?? problems.get("expression");
  return {
    problem: problem ?? { message: "The code cannot be read", line: 1, column: 1 },
    damaged: false,
  };
}
