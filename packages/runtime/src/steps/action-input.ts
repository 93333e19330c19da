import type * as z from "zod";
import { StepFailure } from "../step-failure.ts";
import { describeIssue } from "./request-values.ts";

/**
 * Parses what an action's fields resolved to with its schema.
 *
 * Templates often give a value in another simple type than the field has. Where the schema refuses
 * it, a text that is a number, `true` or `false` is taken as such, a number or boolean as text, and
 * null as no value.
 *
 * @throws StepFailure that names each field and what it got.
 */
export async function parseActionInput<S extends z.ZodObject>(
  schema: S,
  input: unknown,
  title: string,
): Promise<z.output<S>> {
  const first = await schema.safeParseAsync(input, { reportInput: true });
  if (first.success) return first.data;
  const coerced = coerce(input, first.error.issues);
  const second = await schema.safeParseAsync(coerced, { reportInput: true });
  if (second.success) return second.data;
  throw invalidInput(second.error, title);
}

export function invalidInput(error: z.ZodError, title: string): StepFailure {
  const issues = error.issues.map(describeIssue);
  const message = `The input of "${title}" is not right. ${issues.join(" ")}`;
  return new StepFailure("invalid_input", message, { details: { issues } });
}

type Change = { path: readonly PropertyKey[]; value: unknown };

function coerce(input: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const changes = issues.flatMap((issue) => toChange(issue) ?? []);
  return changes.reduce((value, change) => replaceAt(value, change.path, change.value), input);
}

function toChange(issue: z.core.$ZodIssue): Change | undefined {
  const { path, input } = issue;
  if (input === null) return { path, value: undefined };
  if (issue.code !== "invalid_type") return undefined;
  const value = convert(input, issue.expected);
  return value === undefined ? undefined : { path, value };
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function convert(input: unknown, expected: string): unknown {
  if (expected === "string") {
    return typeof input === "number" || typeof input === "boolean" ? String(input) : undefined;
  }
  if (typeof input !== "string") return undefined;
  const text = input.trim();
  if (expected === "boolean") return { true: true, false: false }[text.toLowerCase()];
  return (expected === "number" || expected === "int") && numeral.test(text)
    ? Number(text)
    : undefined;
}

/** A copy with another value at a path; undefined leaves it out. */
function replaceAt(target: unknown, path: readonly PropertyKey[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    return target.map((item, index) => (index === key ? replaceAt(item, rest, value) : item));
  }
  if (typeof target !== "object" || target === null) return target;
  const entries = Object.entries(target).map(([name, item]) => [
    name,
    name === key ? replaceAt(item, rest, value) : item,
  ]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}
