import { filterSchema } from "../query/filter-schema.ts";
import { queryRows } from "../query/query-rows.ts";
import { toDashed } from "../ids.ts";
import type { DataSourceNode, PageNode } from "../store/records.ts";
import { array, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { findDatabase, findDataSource, pathId } from "./find-node.ts";
import { pageSize, presentList, unknownCursor, type Page, type PageRequest } from "./pagination.ts";
import { presentPage } from "./present-page.ts";
import { askedProperties } from "./pages.ts";
import { soleDataSource } from "./sole-data-source.ts";
import { isAtLeast } from "./version.ts";
import { invalidUrl } from "./invalid-url.ts";

export const queryRoutes: Route[] = [
  {
    method: "POST",
    path: "/v1/data_sources/:data_source_id/query",
    since: "2025-09-03",
    capability: "readContent",
    answer: (call) => query(call, findDataSource(call.view, pathId(call, "data_source_id"))),
  },
  {
    method: "POST",
    path: "/v1/databases/:database_id/query",
    capability: "readContent",
    answer: queryDatabase,
  },
];

/** Until 2022-06-28 databases themselves were queried. */
function queryDatabase(call: Call): object {
  if (isAtLeast(call.view.version, "2025-09-03")) throw invalidUrl();
  const database = findDatabase(call.view, pathId(call, "database_id"));
  return query(call, soleDataSource(database, call.view));
}

const direction = oneOf(["ascending", "descending"]);
const sort = union(
  object({ property: string(), direction }),
  object({ timestamp: oneOf(["created_time", "last_edited_time"]), direction }),
);
const fields = {
  filter: optional(filterSchema),
  sorts: optional(array(sort, { max: 100 })),
  start_cursor: optional(nullable(string())),
  page_size: optional(pageSize),
  in_trash: optional(boolean()),
  is_archived: optional(boolean()),
  result_type: optional(oneOf(["page", "data_source"])),
};
const queryRequest = object(fields);
const oldQueryRequest = object({
  ...fields,
  archived: optional(boolean()),
  filter_properties: optional(array(string())),
});

/** Rows beyond this many are not reached by any cursor. */
const mostResults = 10_000;

function query(call: Call, source: DataSourceNode): object {
  const { view } = call;
  const isNew = isAtLeast(view.version, "2025-09-03");
  const request: Infer<typeof oldQueryRequest> = isAtLeast(view.version, "2026-03-11")
    ? parseBody(queryRequest, call.body ?? {})
    : parseBody(oldQueryRequest, call.body ?? {});
  const inTrash = request.in_trash ?? request.archived ?? false;
  const { sorts = [], filter } = request;
  const all = queryRows(source, { filter, sorts, inTrash }, view);
  const rows = request.result_type === "data_source" ? [] : all;
  const size = request.page_size ?? 100;
  const { items, next, isCut } = takePage(rows, {
    size,
    cursor: request.start_cursor ?? undefined,
  });
  const results = items.map((row) => presentPage(row, view, { only: askedProperties(call) }));
  const cursor = next ? `s:${source.id}:${next.id}` : undefined;
  const incomplete = { type: "incomplete", incomplete_reason: "query_result_limit_reached" };
  return {
    ...presentList(results, cursor, isNew ? "page_or_data_source" : "page_or_database"),
    ...(isCut ? { request_status: incomplete } : {}),
  };
}

interface RowPage extends Page<PageNode> {
  /** Whether there are more rows than any cursor reaches. */
  isCut: boolean;
}

function takePage(rows: Iterable<PageNode>, { size, cursor }: PageRequest): RowPage {
  const start = cursor === undefined ? undefined : toDashed(cursor.split(":").at(-1) ?? "");
  const items: PageNode[] = [];
  let count = 0;
  let hasStarted = start === undefined;
  for (const row of rows) {
    hasStarted ||= row.id === start;
    if (count === mostResults) {
      // Only the last page tells of it.
      if (hasStarted && items.length > 0) return { items, next: undefined, isCut: true };
      break;
    }
    count += 1;
    if (!hasStarted) continue;
    if (items.length === size) return { items, next: row, isCut: false };
    items.push(row);
  }
  if (cursor !== undefined && items.length === 0) throw unknownCursor(cursor);
  return { items, next: undefined, isCut: false };
}
