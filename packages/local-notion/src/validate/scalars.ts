import { isUuid } from "../ids.ts";
import { anyOf, mismatch, problem, type Problem, type Place, type Schema } from "./schema.ts";

export interface StringRules {
  max?: number;
  min?: number;
  /** A refusal in Notion's words ("a valid url") of a string this returns false for. */
  format?: { expects: string; accepts: (text: string) => boolean };
}

export function string(rules: StringRules = {}): Schema<string> {
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (typeof value !== "string") {
      problems.push(mismatch(at, "a string", value));
      return;
    }
    checkLength(value.length, at, { ...rules, problems });
    if (rules.min === 1 && value === "") {
      problems.push(problem(at, anyOf(["populated", ...at.or]), value));
    }
    if (rules.format && !rules.format.accepts(value)) {
      problems.push(problem(at, rules.format.expects, value));
    }
  };
  return { expects: "a string", check };
}

export function checkLength(
  length: number,
  at: Place,
  rules: { max?: number; problems: Problem[] },
): void {
  if (rules.max === undefined || length <= rules.max) return;
  const path = `${at.path}.length`;
  rules.problems.push(problem({ ...at, path, depth: at.depth + 1 }, `≤ \`${rules.max}\``, length));
}

export interface NumberRules {
  min?: number;
  max?: number;
  integer?: boolean;
}

export function number(rules: NumberRules = {}): Schema<number> {
  const expects = "a number";
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      problems.push(mismatch(at, expects, value));
      return;
    }
    if (rules.integer && !Number.isInteger(value)) problems.push(problem(at, "an integer", value));
    if (rules.min !== undefined && value < rules.min) {
      problems.push(problem(at, `≥ \`${rules.min}\``, value));
    }
    if (rules.max !== undefined && value > rules.max) {
      problems.push(problem(at, `≤ \`${rules.max}\``, value));
    }
  };
  return { expects, check };
}

export function boolean(): Schema<boolean> {
  const expects = "a boolean";
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (typeof value !== "boolean") problems.push(mismatch(at, expects, value));
  };
  return { expects, check };
}

export function literal<const V extends string | boolean>(expected: V): Schema<V> {
  const expects = `\`${JSON.stringify(expected)}\``;
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (value !== expected) problems.push(mismatch(at, expects, value));
  };
  return { expects, check, ...(typeof expected === "string" ? { typeTag: expected } : {}) };
}

export function oneOf<const V extends string>(values: readonly V[]): Schema<V> {
  const allowed = new Set<unknown>(values);
  const expects = anyOf(values.map((value) => `\`${JSON.stringify(value)}\``));
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (!allowed.has(value)) problems.push(mismatch(at, expects, value));
  };
  return { expects, check };
}

/** An id with or without dashes. */
export function id(): Schema<string> {
  return string({ format: { expects: "a valid uuid", accepts: isUuid } });
}

/** Any value at all; for parts that another check looks at. */
export function anything(): Schema<unknown> {
  return { expects: "anything", check: () => undefined };
}

export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return orValue(inner, undefined);
}

export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return orValue(inner, null);
}

function orValue<T, V>(inner: Schema<T>, accepted: V): Schema<T | V> {
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (value === accepted) return;
    inner.check(value, { ...at, or: [...at.or, `\`${String(accepted)}\``] }, problems);
  };
  return {
    expects: inner.expects,
    check,
    ...(inner.typeTag === undefined ? {} : { typeTag: inner.typeTag }),
  };
}
