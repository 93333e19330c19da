import { icon, richText } from "../rich-text/rich-text-schema.ts";
import { toIcon, toRichText } from "../rich-text/store-rich-text.ts";
import { newNodeId } from "../ids.ts";
import { looseObject, object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, id, literal, nullable, optional } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { changeColumns } from "./change-columns.ts";
import { columnChanges, newColumns } from "./column-requests.ts";
import { addDataSource } from "./databases.ts";
import { assertEditable, findDatabase, findDataSource, pathId } from "./find-node.ts";
import { presentDataSource } from "./present-data-source.ts";
import { dataSourcesOf } from "./sole-data-source.ts";
import { setTrashed, touch } from "./trash.ts";
import { isAtLeast } from "./version.ts";

const path = "/v1/data_sources/:data_source_id";
const since = "2025-09-03";

export const dataSourceRoutes: Route[] = [
  {
    method: "POST",
    path: "/v1/data_sources",
    since,
    capability: "insertContent",
    answer: createDataSource,
  },
  { method: "GET", path, since, capability: "readContent", answer: retrieveDataSource },
  { method: "PATCH", path, since, capability: "updateContent", answer: updateDataSource },
  {
    method: "GET",
    path: `${path}/templates`,
    since,
    capability: "readContent",
    namesRequest: false,
    answer: listTemplates,
  },
];

function retrieveDataSource(call: Call): object {
  return presentDataSource(findDataSource(call.view, pathId(call, "data_source_id")), call.view);
}

const parent = looseObject({ type: optional(literal("database_id")), database_id: id() });
const createRequest = object({
  parent,
  properties: newColumns,
  title: optional(richText),
  icon: optional(nullable(icon)),
});

function createDataSource(call: Call): object {
  const { view } = call;
  const request = parseBody(createRequest, call.body);
  const database = findDatabase(view, request.parent.database_id);
  assertEditable(view, database);
  const prefix = view.store.get("workspaces", database.workspaceId)?.idPrefix ?? "";
  const source = addDataSource(call, database, {
    id: newNodeId(prefix),
    title: toRichText(request.title ?? []),
    columns: request.properties,
    icon: request.icon ? toIcon(request.icon) : null,
  });
  return presentDataSource(findDataSource(view, source.id), view);
}

const updateFields = {
  title: optional(richText),
  icon: optional(nullable(icon)),
  properties: optional(columnChanges),
  in_trash: optional(boolean()),
  parent: optional(parent),
};
const updateRequest = object(updateFields);
const oldUpdateRequest = object({ ...updateFields, archived: optional(boolean()) });

function updateDataSource(call: Call): object {
  const { view } = call;
  const found = findDataSource(view, pathId(call, "data_source_id"));
  const {
    archived,
    in_trash: inTrash,
    ...changes
  } = isAtLeast(view.version, "2026-03-11")
    ? { ...parseBody(updateRequest, call.body), archived: undefined }
    : parseBody(oldUpdateRequest, call.body);
  const trash = inTrash ?? archived;
  if (trash !== undefined) setTrashed(call, found, trash);
  if (Object.keys(changes).length > 0) changeDataSource(call, found.id, changes);
  return presentDataSource(findDataSource(view, found.id), view);
}

function changeDataSource(
  call: Call,
  sourceId: string,
  changes: Omit<Infer<typeof updateRequest>, "in_trash">,
): void {
  const { view } = call;
  const source = findDataSource(view, sourceId);
  assertEditable(view, source);
  const database = changes.parent ? findDatabase(view, changes.parent.database_id) : undefined;
  view.store.put("nodes", {
    ...source,
    ...(changes.title ? { title: toRichText(changes.title) } : {}),
    ...(changes.icon === undefined ? {} : { icon: changes.icon && toIcon(changes.icon) }),
    ...(database ? { parentId: database.id } : {}),
  });
  if (changes.title) nameDatabase(call, sourceId);
  changeColumns(call, sourceId, changes.properties ?? {});
  touch(call, source);
}

/** A database with one data source is called what that is called. */
function nameDatabase({ view }: Call, sourceId: string): void {
  const { parentId, title } = findDataSource(view, sourceId);
  const database = findDatabase(view, parentId);
  if (dataSourcesOf(database, view).length === 1) view.store.put("nodes", { ...database, title });
}

/** Templates are made in Notion itself only, so there are none here. */
function listTemplates(call: Call): object {
  findDataSource(call.view, pathId(call, "data_source_id"));
  return { templates: [], has_more: false, next_cursor: null };
}
