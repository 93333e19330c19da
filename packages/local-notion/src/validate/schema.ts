/**
 * A small schema language whose failures read as Notion's do.
 *
 * Notion reports what a value *should be*, names every branch of a union that came equally close,
 * and shows at most 55 characters of what it got. Those messages depend on how far each branch
 * got, which general validators do not keep, so requests are described in this language instead.
 */
export interface Schema<T> {
  /** What a value of the wrong type "should be", for example "a string". */
  readonly expects: string;
  /** Names of literals of its `type` key, used to pick the branch of a union that was meant. */
  readonly typeTag?: string;
  check(value: unknown, at: Place, problems: Problem[]): void;
  /** Only for inference; never set. */
  readonly output?: T;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Where a value is, and what else would have been accepted there (`null`, `undefined`). */
export interface Place {
  path: string;
  depth: number;
  or: readonly string[];
}

export interface Problem {
  path: string;
  depth: number;
  kind: "missing" | "surplus" | "value";
  rule: string;
  found: unknown;
  /** Whether the message tells what was found. */
  shown: boolean;
}

export function place(path: string): Place {
  return { path, depth: 0, or: [] };
}

export function below(at: Place, key: string | number): Place {
  const path = typeof key === "number" ? `${at.path}[${key}]` : `${at.path}.${key}`;
  return { path, depth: at.depth + 1, or: [] };
}

export function problem(at: Place, rule: string, found: unknown): Problem {
  return { path: at.path, depth: at.depth, kind: "value", rule, found, shown: true };
}

/** The problem of a value whose type is wrong altogether. */
export function mismatch(at: Place, expects: string, found: unknown): Problem {
  if (found === undefined && at.or.length === 0) {
    return { ...problem(at, "defined", found), kind: "missing" };
  }
  return problem(at, anyOf([expects, ...at.or]), found);
}

export function anyOf(names: readonly string[]): string {
  if (names.length <= 2) return names.join(" or ");
  return `${names.slice(0, -1).join(", ")}, or ${names.at(-1)}`;
}

/** "body failed validation: body.x should be …" for one problem, "Fix one:" for several. */
export function toMessage(where: string, problems: readonly Problem[]): string {
  const lines = [...new Set(problems.map(toLine))];
  if (lines.length === 1) return `${where} failed validation: ${lines[0]}`;
  return `${where} failed validation. Fix one:\n${lines.join("\n")}`;
}

function toLine({ path, rule, found, shown }: Problem): string {
  return `${path} should be ${rule}${shown ? `, instead was \`${quote(found)}\`` : ""}.`;
}

const shownCharacters = 55;

function quote(found: unknown): string {
  const text = JSON.stringify(found) ?? "undefined";
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text;
}
