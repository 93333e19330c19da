import { filterSchema } from "../query/filter-schema.ts";
import { queryRows } from "../query/query-rows.ts";
import { isUuid, toDashed } from "../ids.ts";
import type { DataSourceNode, PageNode } from "../store/records.ts";
import { array, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { findDatabase, findDataSource, pathId } from "./find-node.ts";
import { pageSize, presentList, unknownCursor } from "./pagination.ts";
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
  const all = queryRows(
    source,
    { filter: request.filter, sorts: request.sorts ?? [], inTrash },
    view,
  );
  const rows = request.result_type === "data_source" ? [] : all;
  const reachable = rows.slice(0, mostResults);
  const start = startOf(reachable, request.start_cursor ?? undefined);
  const end = start + (request.page_size ?? 100);
  const next = reachable[end];
  const results = reachable
    .slice(start, end)
    .map((row) => presentPage(row, view, { only: askedProperties(call) }));
  const cursor = next ? `s:${source.id}:${next.id}` : undefined;
  const isCut = !next && rows.length > mostResults;
  const incomplete = { type: "incomplete", incomplete_reason: "query_result_limit_reached" };
  return {
    ...presentList(results, cursor, isNew ? "page_or_data_source" : "page_or_database"),
    ...(isCut ? { request_status: incomplete } : {}),
  };
}

function startOf(rows: readonly PageNode[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const id = cursor.split(":").at(-1) ?? "";
  const start = isUuid(id) ? rows.findIndex((row) => row.id === toDashed(id)) : -1;
  if (start < 0) throw unknownCursor(cursor);
  return start;
}
