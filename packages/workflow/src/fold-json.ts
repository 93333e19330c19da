import { TemplateError } from "./template-error.ts";

/** How deeply JSON of a definition may be nested. */
export const maxDepth = 100;

/** What each kind of JSON becomes; pointers are JSON pointers from where the fold began. */
export interface JsonFold<T> {
  text(value: string, pointer: string): T;
  /** Numbers, booleans and null; also texts in which references are not looked for. */
  constant(value: unknown): T;
  list(items: T[]): T;
  object(entries: [key: string, value: T][]): T;
}

/**
 * Folds JSON from the leaves up. Keys are kept as they are, `undefined` is left out of objects.
 *
 * @throws TemplateError where the JSON is nested more than {@link maxDepth} deep.
 */
export function foldJson<T>(json: unknown, fold: JsonFold<T>, pointer = "", depth = 0): T {
  if (typeof json === "string") return fold.text(json, pointer);
  if (typeof json !== "object" || json === null) return fold.constant(json);
  if (depth >= maxDepth) {
    throw new TemplateError(`Values may be nested at most ${maxDepth} deep`, 0, pointer);
  }
  if (Array.isArray(json)) {
    return fold.list(
      Array.from(json, (item, index) => foldJson(item, fold, `${pointer}/${index}`, depth + 1)),
    );
  }
  return fold.object(
    Object.entries(json)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, foldJson(value, fold, pointer + toPointer([key]), depth + 1)]),
  );
}

/** A fold that leaves all as it is: override what shall change. */
export const sameJson: JsonFold<unknown> = {
  text: (value) => value,
  constant: (value) => value,
  list: (items) => items,
  object: (entries) => Object.fromEntries(entries),
};

/** JSON pointer (RFC 6901) of a path. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
