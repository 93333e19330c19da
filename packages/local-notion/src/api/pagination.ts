import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { object } from "../validate/composites.ts";
import { parseQuery } from "../validate/parse.ts";
import { id, nullable, number, optional } from "../validate/scalars.ts";
import type { Call } from "./call.ts";

export const pageSize = number({ min: 1, max: 100, integer: true });
/** Cursors are the id of the next item. */
export const startCursor = optional(nullable(id()));

export interface PageRequest {
  size: number;
  cursor: string | undefined;
}

export interface Page<T> {
  items: T[];
  next: T | undefined;
}

/** In a query string a larger size is taken for the largest, as recorded; in a body it is refused. */
const querySchema = object({
  start_cursor: startCursor,
  page_size: optional(number({ min: 1, integer: true })),
});

/** The paging asked for in a query string, apart from other parameters of the endpoint. */
export function queryPaging(call: Call): PageRequest {
  const size = call.query["page_size"];
  const cursor = call.query["start_cursor"];
  return toPaging(
    parseQuery(querySchema, {
      ...(size === undefined ? {} : { page_size: toNumber(size) }),
      ...(cursor === undefined ? {} : { start_cursor: cursor }),
    }),
  );
}

export function toPaging(request: {
  page_size?: number;
  start_cursor?: string | null;
}): PageRequest {
  const cursor = request.start_cursor ? toDashed(request.start_cursor) : undefined;
  return { size: Math.min(request.page_size ?? 100, 100), cursor };
}

export function toNumber(text: string | string[]): unknown {
  return typeof text === "string" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The part of a list that starts at a cursor. */
export function paginate<T extends { id: string }>(
  items: readonly T[],
  { size, cursor }: PageRequest,
): Page<T> {
  const start = cursor === undefined ? 0 : items.findIndex((item) => item.id === cursor);
  if (start < 0) throw unknownCursor(cursor ?? "");
  return { items: items.slice(start, start + size), next: items[start + size] };
}

export function unknownCursor(cursor: string): NotionError {
  return NotionError.validation(`The start_cursor provided is invalid: ${cursor}`);
}

/** A list as answered: `type` names what it holds and is a key with an empty object. */
export function presentList(results: object[], next: string | undefined, type: string): object {
  return {
    object: "list",
    results,
    next_cursor: next ?? null,
    has_more: next !== undefined,
    type,
    [type]: {},
  };
}
