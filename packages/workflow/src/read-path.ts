import type { Path } from "./reference.ts";

/**
 * What stands at a path of a value, undefined where nothing does.
 *
 * - Only own properties of plain objects, items of lists and the `length` of a list are reached:
 *   never a prototype, a constructor, a method or anything of a text.
 * - A number finds a key of an object too, and a key of digits a place in a list.
 */
export function readPath(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    found = readKey(found, key);
    if (found === undefined) return undefined;
  }
  return found;
}

/**
 * Reads the path from each item of `depth` levels of lists, in their order: what steps inside a
 * fan out gave, seen from outside it. An item without it gives null, so that places are kept; where
 * there is no list there is nothing.
 */
export function readPathThrough(value: unknown, path: Path, depth: number): unknown {
  if (depth <= 0) return readPath(value, path);
  if (!Array.isArray(value)) return undefined;
  return Array.from(value, (item) => readPathThrough(item, path, depth - 1) ?? null);
}

function readKey(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return readItem(value, key);
  if (!isPlainObject(value)) return undefined;
  const name = String(key);
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function readItem(list: readonly unknown[], key: string | number): unknown {
  if (key === "length") return list.length;
  const place = typeof key === "number" || /^\d{1,10}$/.test(key) ? Number(key) : -1;
  return Object.hasOwn(list, place) ? list[place] : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
