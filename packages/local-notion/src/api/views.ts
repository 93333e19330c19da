import { newNodeId, newUuid, toDashed } from "../ids.ts";
import { toPrecise } from "../clock.ts";
import { filterSchema } from "../query/filter-schema.ts";
import { queryRows, type Sort } from "../query/query-rows.ts";
import type { Filter } from "../query/filter-schema.ts";
import type { ViewQuery, ViewRecord } from "../store/records.ts";
import { array, looseObject, object, union } from "../validate/composites.ts";
import { parseBody, parseQuery } from "../validate/parse.ts";
import { anything, id, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Call, Route } from "./call.ts";
import { findDatabase, findDataSource, notFound, pathId } from "./find-node.ts";
import { pageSize, paginate, presentList, queryPaging } from "./pagination.ts";
import { partialUser } from "./present-user.ts";
import { nodeUrl } from "./urls.ts";
import type { View } from "./view.ts";

const path = "/v1/views/:view_id";
const queryPath = `${path}/queries/:query_id`;
const read = "readContent" as const;
const write = "updateContent" as const;

export const viewRoutes: Route[] = [
  { method: "GET", path: "/v1/views", capability: read, answer: listViews },
  { method: "POST", path: "/v1/views", capability: write, answer: createView },
  { method: "GET", path, capability: read, answer: (call) => present(findView(call), call.view) },
  { method: "PATCH", path, capability: write, answer: updateView },
  { method: "DELETE", path, capability: write, answer: deleteView },
  { method: "POST", path: `${path}/queries`, capability: read, answer: createQuery },
  { method: "GET", path: queryPath, capability: read, answer: retrieveQuery },
  { method: "DELETE", path: queryPath, capability: read, answer: deleteQuery },
];

const queryLifeMs = 15 * 60_000;

const types = [
  "table",
  "board",
  "list",
  "calendar",
  "timeline",
  "gallery",
  "form",
  "chart",
  "map",
  "dashboard",
] as const;
const sorts = array(object({ property: string(), direction: oneOf(["ascending", "descending"]) }), {
  max: 100,
});
const looks = {
  filter: optional(nullable(filterSchema)),
  sorts: optional(nullable(sorts)),
  quick_filters: optional(nullable(looseObject({}))),
  configuration: optional(looseObject({ type: oneOf(types) })),
};
const createRequest = object({
  data_source_id: id(),
  name: string({ min: 1 }),
  type: oneOf(types),
  database_id: optional(id()),
  view_id: optional(id()),
  position: optional(anything()),
  placement: optional(anything()),
  ...looks,
});
const updateRequest = object({ name: optional(string({ min: 1 })), ...looks });

/** The view every database is made with. */
export function addDefaultView(view: View, databaseId: string, dataSourceId: string): void {
  view.store.put("views", {
    ...newView(view, { databaseId, dataSourceId, name: "Table", type: "table" }),
    id: newUuid(),
  });
}

function newView(
  view: View,
  asked: Pick<ViewRecord, "databaseId" | "dataSourceId" | "name" | "type">,
): ViewRecord {
  const now = view.clock.now();
  const workspace = view.store.get("workspaces", view.connection.workspaceId);
  return {
    id: newNodeId(workspace?.idPrefix ?? ""),
    ...asked,
    createdTime: now,
    createdBy: view.connection.id,
    editedTime: now,
    editedBy: view.connection.id,
    filter: null,
    sorts: null,
    quickFilters: null,
    configuration: { type: asked.type },
  };
}

function createView(call: Call): object {
  const { view } = call;
  const request = parseBody(createRequest, call.body);
  const source = findDataSource(view, request.data_source_id);
  const databaseId = toDashed(request.database_id ?? source.parentId);
  const { name, type } = request;
  const record: ViewRecord = {
    ...newView(view, { databaseId, dataSourceId: source.id, name, type }),
    filter: request.filter ?? null,
    sorts: request.sorts ?? null,
    quickFilters: request.quick_filters ?? null,
    ...(request.configuration ? { configuration: request.configuration } : {}),
  };
  view.store.put("views", record);
  return present(record, view);
}

const listQuery = union(
  object({ database_id: id(), data_source_id: optional(id()) }),
  object({ data_source_id: id() }),
);

function listViews(call: Call): object {
  const { view, query } = call;
  const asked = ["database_id", "data_source_id"].flatMap((name) =>
    query[name] === undefined ? [] : [[name, query[name]]],
  );
  const request = parseQuery(listQuery, Object.fromEntries(asked));
  const database = "database_id" in request ? findDatabase(view, request.database_id) : undefined;
  const sourceId = request.data_source_id;
  const source = sourceId === undefined ? undefined : findDataSource(view, sourceId);
  const found = [...view.store.all("views")].filter(
    (one) =>
      (!database || one.databaseId === database.id) && (!source || one.dataSourceId === source.id),
  );
  const { items, next } = paginate(found, queryPaging(call));
  return presentList(
    items.map((one) => ({ object: "view", id: one.id })),
    next?.id,
    "view",
  );
}

function findView(call: Call): ViewRecord {
  const { view } = call;
  const wanted = pathId(call, "view_id");
  const record = view.store.get("views", wanted);
  const database = view.store.get("nodes", record?.databaseId ?? "");
  if (record && database && view.canSee(database)) return record;
  throw notFound("view", wanted, view);
}

function updateView(call: Call): object {
  const { view } = call;
  const record = findView(call);
  const request = parseBody(updateRequest, call.body);
  const updated: ViewRecord = {
    ...record,
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.filter === undefined ? {} : { filter: request.filter }),
    ...(request.sorts === undefined ? {} : { sorts: request.sorts }),
    ...(request.quick_filters === undefined ? {} : { quickFilters: request.quick_filters }),
    ...(request.configuration ? { configuration: request.configuration } : {}),
    editedTime: view.clock.now(),
    editedBy: view.connection.id,
  };
  view.store.put("views", updated);
  return present(updated, view);
}

function deleteView(call: Call): object {
  const record = findView(call);
  call.view.store.remove("views", record.id);
  return { object: "view", id: record.id, parent: parentOf(record), type: record.type };
}

function parentOf(record: ViewRecord): object {
  return { type: "database_id", database_id: record.databaseId };
}

function present(record: ViewRecord, view: View): object {
  return {
    object: "view",
    id: record.id,
    parent: parentOf(record),
    data_source_id: record.dataSourceId,
    name: record.name,
    type: record.type,
    created_time: toPrecise(record.createdTime),
    created_by: partialUser(record.createdBy),
    last_edited_time: toPrecise(record.editedTime),
    last_edited_by: partialUser(record.editedBy),
    url: `${nodeUrl(record.databaseId, "", view)}?v=${record.id.replaceAll("-", "")}`,
    filter: record.filter,
    sorts: record.sorts,
    quick_filters: record.quickFilters,
    configuration: record.configuration,
  };
}

const queryRequest = object({ page_size: optional(pageSize) });

/** Keeps the rows a view shows now, so that paging through them is not disturbed. */
function createQuery(call: Call): object {
  const { view } = call;
  const record = findView(call);
  const { page_size: size = 100 } = parseBody(queryRequest, call.body ?? {});
  const source = findDataSource(view, record.dataSourceId);
  // Both were checked when the view was written.
  const filter = (record.filter ?? undefined) as Filter | undefined;
  const sorts = (record.sorts ?? []) as Sort[];
  const rows = [...queryRows(source, { filter, sorts, inTrash: false }, view)];
  const kept: ViewQuery = {
    id: newUuid(),
    viewId: record.id,
    pageIds: rows.map((row) => row.id),
    expiresTime: view.clock.now() + queryLifeMs,
  };
  view.store.put("viewQueries", kept);
  const { items, next } = paginate(rows, { size, cursor: undefined });
  return {
    object: "view_query",
    id: kept.id,
    view_id: record.id,
    expires_at: toPrecise(kept.expiresTime),
    total_count: rows.length,
    results: items.map((row) => ({ object: "page", id: row.id })),
    next_cursor: next?.id ?? null,
    has_more: next !== undefined,
  };
}

function findQuery(call: Call): ViewQuery {
  const record = findView(call);
  const wanted = pathId(call, "query_id");
  const found = call.view.store.get("viewQueries", wanted);
  const isAlive = found && found.expiresTime >= call.view.clock.now();
  if (isAlive && found.viewId === record.id) return found;
  throw notFound("view query", wanted, call.view);
}

function retrieveQuery(call: Call): object {
  const rows = findQuery(call).pageIds.map((pageId) => ({ object: "page", id: pageId }));
  const { items, next } = paginate(rows, queryPaging(call));
  return presentList(items, next?.id, "page");
}

function deleteQuery(call: Call): object {
  const { id: queryId } = findQuery(call);
  call.view.store.remove("viewQueries", queryId);
  return { object: "view_query", id: queryId, deleted: true };
}
