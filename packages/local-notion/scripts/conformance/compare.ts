import { toBare, toDashed } from "../../src/ids.ts";
import { isObject, type Json, type JsonObject } from "./recording.ts";

/** Ids of the recording and the ids that stand for them here, as far as they are known. */
export type IdMap = Map<string, string>;

const uuid = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/g;
const wholeUuid = new RegExp(`^${uuid.source}$`);
const ownIds = new Set(["id", "synced_property_id"]);
/** Ids of columns that are shown as they are; everywhere else they are encoded for URLs. */
const plainIds = new Set(["rollup_property_id", "relation_property_id"]);
const times = new Set(["created_time", "last_edited_time", "expiry_time", "expires_at"]);

/**
 * Tells where two answers differ in shape, key order, type or a value that is determinate. An id
 * that `isNew` is one Notion made up for this answer: here another may stand for it.
 */
export function compare(
  recorded: Json,
  ours: Json,
  { ids, isNew }: { ids: IdMap; isNew: (id: string) => boolean },
): string[] {
  const differences: string[] = [];
  walk(recorded, ours, "");
  return differences;

  function walk(a: Json | undefined, b: Json | undefined, path: string): void {
    const key = path.split(/[.[]/).at(-1) ?? "";
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) differences.push(`${path}: ${a.length} items, here ${b.length}`);
      for (const [index, item] of a.entries()) {
        if (index < b.length) walk(item, b[index], `${path}[${index}]`);
      }
    } else if (isObject(a) && isObject(b)) {
      compareKeys(Object.keys(a), Object.keys(b), path);
      // Formulas name other columns of the same answer by their ids.
      if (path.endsWith("properties")) bindColumns(a, b);
      for (const name of Object.keys(a)) {
        if (name in b) walk(a[name], b[name], path === "" ? name : `${path}.${name}`);
      }
    } else if (!isSame(a ?? null, b ?? null, { key, path })) {
      differences.push(`${path}: ${show(a)}, here ${show(b)}`);
    }
  }

  function bindColumns(a: JsonObject, b: JsonObject): void {
    for (const [name, column] of Object.entries(a)) {
      const own = b[name];
      if (!isObject(column) || !isObject(own)) continue;
      if (typeof column["id"] === "string" && typeof own["id"] === "string")
        bind(column["id"], own["id"]);
    }
  }

  function compareKeys(a: string[], b: string[], path: string): void {
    // Columns come in the order of their ids, which are random for new ones.
    const isUnordered = path.endsWith("properties");
    const [left, right] = isUnordered ? [a.toSorted(), b.toSorted()] : [a, b];
    if (left.join() !== right.join())
      differences.push(`${path}: keys ${left.join()}, here ${right.join()}`);
  }

  function isSame(a: Json, b: Json, { key, path }: { key: string; path: string }): boolean {
    if (a === b) return true;
    if (typeof a !== "string" || typeof b !== "string") return false;
    if (key === "request_id") return wholeUuid.test(b);
    if (key === "next_cursor" || key === "next_url") return true;
    if (times.has(key) || (key === "start" && isTimed(a))) return shapeOf(a) === shapeOf(b);
    // The recordings hide whose ids these are, and not everywhere behind the same one.
    if (path.endsWith("_by.id")) return wholeUuid.test(b);
    if (plainIds.has(key)) return bind(encodeURIComponent(a), encodeURIComponent(b));
    if (ownIds.has(key) || wholeUuid.test(a)) return bind(a, b);
    if (key === "url" || key === "href" || key.endsWith("_url")) return isSameUrl(a, b);
    if (key === "expression") return withoutSpace(translate(a, ids)) === withoutSpace(b);
    return translate(a, ids) === b;
  }

  function bind(a: string, b: string): boolean {
    const [left, right] = wholeUuid.test(a) ? [toDashed(a), toDashed(b)] : [a, b];
    const known = ids.get(left);
    if (known !== undefined) return known === right;
    if (!isNew(left)) return left === right;
    ids.set(left, right);
    return true;
  }

  /** Pages have the same last part; hosted files and the API's own addresses cannot be compared. */
  function isSameUrl(a: string, b: string): boolean {
    if (a.includes("amazonaws.com") || a.startsWith("https://api.notion.com/")) return true;
    const end = (url: string): string => decodeURIComponent(url.split("/").at(-1) ?? "");
    return translate(end(a), ids) === end(b);
  }
}

/** Formulas end their references with the id of a space that no other answer names. */
function withoutSpace(expression: string): string {
  return expression.replaceAll(/:[0-9a-f-]{36}\}\}/g, "}}");
}

function isTimed(text: string): boolean {
  return /T\d\d:\d\d/.test(text);
}

/** A time with its digits hidden: what is left is its form. */
function shapeOf(text: string): string {
  return text.replaceAll(/\d/g, "0");
}

/** A text of the recording with the ids that stand for its ids here. */
export function translate(text: string, ids: IdMap): string {
  return text.replaceAll(uuid, (found) => {
    const known = ids.get(toDashed(found));
    if (known === undefined) return found;
    return found.includes("-") ? known : toBare(known);
  });
}

/** A request's body with every id translated, those of columns too. */
export function translateBody(value: Json, ids: IdMap): Json {
  if (typeof value === "string") return ids.get(value) ?? translate(value, ids);
  if (Array.isArray(value)) return value.map((item) => translateBody(item, ids));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      ids.get(key) ?? key,
      plainIds.has(key) && typeof part === "string"
        ? decodeURIComponent(ids.get(encodeURIComponent(part)) ?? part)
        : translateBody(part, ids),
    ]),
  );
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
