import { checkLength } from "./scalars.ts";
import { below, mismatch, problem, type Place, type Problem, type Schema } from "./schema.ts";

type Fields = Record<string, Schema<unknown>>;

type Output<F extends Fields> = Simplify<
  {
    [K in keyof F as undefined extends Value<F[K]> ? never : K]: Value<F[K]>;
  } & {
    [K in keyof F as undefined extends Value<F[K]> ? K : never]?: Exclude<Value<F[K]>, undefined>;
  }
>;
type Value<S> = S extends Schema<infer T> ? T : never;
type Simplify<T> = { [K in keyof T]: T[K] };

/** An object with these keys and no others. */
export function object<F extends Fields>(fields: F): Schema<Output<F>> {
  return objectOf(fields, true);
}

/** An object with these keys that may carry more, as answers sent back by clients do. */
export function looseObject<F extends Fields>(fields: F): Schema<Output<F>> {
  return objectOf(fields, false);
}

function objectOf<F extends Fields>(fields: F, strict: boolean): Schema<Output<F>> {
  const expects = "an object";
  const entries = Object.entries(fields);
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (!isRecord(value)) {
      problems.push(mismatch(at, expects, value));
      return;
    }
    const before = problems.length;
    for (const [key, schema] of entries) schema.check(value[key], below(at, key), problems);
    if (strict && problems.length === before) reportSurplus(value, at, problems);
  };
  const reportSurplus = (value: Record<string, unknown>, at: Place, problems: Problem[]): void => {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(fields, key) || value[key] === undefined) continue;
      const surplus = problem(below(at, key), "not present", value[key]);
      problems.push({ ...surplus, kind: "surplus" });
    }
  };
  const typeTag = fields["type"]?.typeTag;
  return { expects, check, ...(typeTag === undefined ? {} : { typeTag }) };
}

export function array<T>(item: Schema<T>, rules: { max?: number; min?: number } = {}): Schema<T[]> {
  const expects = "an array";
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (!Array.isArray(value)) {
      problems.push(mismatch(at, expects, value));
      return;
    }
    checkLength(value.length, at, { ...rules, problems });
    if (rules.min !== undefined && value.length < rules.min) {
      const path = `${at.path}.length`;
      const where = { ...at, path, depth: at.depth + 1 };
      problems.push(problem(where, `≥ \`${rules.min}\``, value.length));
    }
    for (const [index, element] of value.entries()) {
      item.check(element, below(at, index), problems);
    }
  };
  return { expects, check };
}

/** An object used as a map from names to values of one kind. */
export function record<T>(item: Schema<T>): Schema<Record<string, T>> {
  const expects = "an object";
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    if (!isRecord(value)) {
      problems.push(mismatch(at, expects, value));
      return;
    }
    for (const [key, element] of Object.entries(value)) {
      item.check(element, below(at, key), problems);
    }
  };
  return { expects, check };
}

/**
 * One of several shapes. When none fits, the branches that got deepest into the value speak, all
 * of them: that is why Notion lists every block type for a block without one, and names a single
 * rule for a text that is too long.
 */
export function union<S extends readonly Schema<unknown>[]>(
  ...branches: S
): Schema<Value<S[number]>> {
  const expects = branches[0]?.expects ?? "defined";
  const check = (value: unknown, at: Place, problems: Problem[]): void => {
    const failures: Problem[][] = [];
    for (const branch of meant(branches, value)) {
      const found: Problem[] = [];
      branch.check(value, at, found);
      if (found.length === 0) return;
      failures.push(found);
    }
    problems.push(...closest(failures));
  };
  return { expects, check };
}

/** The branches whose `type` is the value's own; all when it has none of theirs. */
function meant(branches: readonly Schema<unknown>[], value: unknown): readonly Schema<unknown>[] {
  const type = isRecord(value) ? value["type"] : undefined;
  if (typeof type !== "string") return branches;
  const tagged = branches.filter((branch) => branch.typeTag === type);
  return tagged.length > 0 ? tagged : branches;
}

function closest(failures: readonly Problem[][]): Problem[] {
  const rank = (found: readonly Problem[]): number => {
    const depth = Math.max(...found.map((one) => one.depth));
    const onlySurplus = found.every((one) => one.kind === "surplus");
    return depth * 2 + (onlySurplus ? 1 : 0);
  };
  const best = Math.max(...failures.map(rank));
  return failures.filter((found) => rank(found) === best).flat();
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
