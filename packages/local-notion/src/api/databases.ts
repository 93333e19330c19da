import { cover, icon, richText } from "../rich-text/rich-text-schema.ts";
import { toFileSource, toIcon, toRichText } from "../rich-text/store-rich-text.ts";
import { newUuid } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { DatabaseNode, DataSourceNode, PageNode } from "../store/records.ts";
import { looseObject, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, id, literal, nullable, optional } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { changeColumns } from "./change-columns.ts";
import { columnChanges, newColumns } from "./column-requests.ts";
import { assertEditable, findDatabase, findPage, pathId } from "./find-node.ts";
import { ordersFor } from "./insert-blocks.ts";
import { presentDatabase } from "./present-data-source.ts";
import { soleDataSource } from "./sole-data-source.ts";
import { newStamp } from "./stamp.ts";
import { setTrashed, touch } from "./trash.ts";
import { isAtLeast } from "./version.ts";
import { addDefaultView } from "./views.ts";

const path = "/v1/databases/:database_id";

export const databaseRoutes: Route[] = [
  { method: "POST", path: "/v1/databases", capability: "insertContent", answer: createDatabase },
  { method: "GET", path, capability: "readContent", answer: retrieveDatabase },
  { method: "PATCH", path, capability: "updateContent", answer: updateDatabase },
];

const parent = union(
  looseObject({ type: optional(literal("page_id")), page_id: id() }),
  looseObject({ type: optional(literal("workspace")), workspace: literal(true) }),
);
const looks = {
  title: optional(richText),
  description: optional(richText),
  is_inline: optional(boolean()),
  icon: optional(nullable(icon)),
  cover: optional(nullable(cover)),
};
const createRequest = object({
  parent,
  ...looks,
  initial_data_source: optional(looseObject({ properties: optional(newColumns) })),
});
const oldCreateRequest = object({ parent, ...looks, properties: newColumns });

function retrieveDatabase(call: Call): object {
  return presentDatabase(findDatabase(call.view, pathId(call, "database_id")), call.view);
}

/** Makes a database with its first data source, which takes its title. */
function createDatabase(call: Call): object {
  const { view } = call;
  const isOld = !isAtLeast(view.version, "2025-09-03");
  const { columns, request } = isOld ? readOld(call) : readNew(call);
  const home = findHome(call, request.parent);
  if (home) assertEditable(view, home);
  const database = newDatabase(call, home, request);
  view.store.put("nodes", database);
  const source = addDataSource(call, database, { title: database.title, columns, id: newUuid() });
  addDefaultView(view, database.id, source.id);
  if (home) touch(call, home);
  return presentDatabase(database, view);
}

type CreateRequest = Omit<Infer<typeof createRequest>, "initial_data_source">;
type Columns = Infer<typeof newColumns>;

function readNew(call: Call): { request: CreateRequest; columns: Columns } {
  const { initial_data_source: first, ...request } = parseBody(createRequest, call.body);
  return { request, columns: first?.properties ?? {} };
}

function readOld(call: Call): { request: CreateRequest; columns: Columns } {
  const { properties, ...request } = parseBody(oldCreateRequest, call.body);
  return { request, columns: properties };
}

function findHome(call: Call, request: CreateRequest["parent"]): PageNode | undefined {
  if ("page_id" in request) return findPage(call.view, request.page_id);
  if (call.view.connection.personId !== null) return undefined;
  throw NotionError.validation(
    "Internal integrations aren't owned by a single user, so creating workspace-level databases is not supported.",
  );
}

function newDatabase(call: Call, home: PageNode | undefined, request: CreateRequest): DatabaseNode {
  const { view } = call;
  const parentId = home?.id ?? view.connection.workspaceId;
  return {
    kind: "database",
    ...newStamp(view, home),
    id: newUuid(),
    order: ordersFor(view.store, parentId, { place: "end", count: 1 })[0] ?? 0,
    title: toRichText(request.title ?? []),
    description: toRichText(request.description ?? []),
    icon: request.icon ? toIcon(request.icon) : null,
    cover: request.cover ? toFileSource(request.cover) : null,
    isInline: request.is_inline ?? false,
    isLocked: false,
  };
}

/** Adds a data source to a database, with a title column if none is asked for. */
export function addDataSource(
  call: Call,
  database: DatabaseNode,
  asked: {
    id: string;
    title: DataSourceNode["title"];
    columns: Columns;
    icon?: DataSourceNode["icon"];
  },
): DataSourceNode {
  const { store } = call.view;
  const source: DataSourceNode = {
    kind: "data_source",
    ...newStamp(call.view, database),
    id: asked.id,
    order: ordersFor(store, database.id, { place: "end", count: 1 })[0] ?? 0,
    title: asked.title,
    icon: asked.icon ?? null,
    schema: [],
    nextNumber: 1,
  };
  store.put("nodes", source);
  const hasTitle = Object.values(asked.columns).some((column) => "title" in column);
  changeColumns(call, source.id, hasTitle ? {} : { Name: { title: {} } });
  changeColumns(call, source.id, asked.columns);
  return source;
}

const updateFields = {
  ...looks,
  parent: optional(parent),
  in_trash: optional(boolean()),
  is_locked: optional(boolean()),
};
const updateRequest = object(updateFields);
const middleUpdateRequest = object({ ...updateFields, archived: optional(boolean()) });
const oldUpdateRequest = object({
  ...updateFields,
  archived: optional(boolean()),
  properties: optional(columnChanges),
});

function readUpdate(call: Call): Infer<typeof oldUpdateRequest> {
  if (isAtLeast(call.view.version, "2026-03-11")) return parseBody(updateRequest, call.body);
  if (isAtLeast(call.view.version, "2025-09-03")) return parseBody(middleUpdateRequest, call.body);
  return parseBody(oldUpdateRequest, call.body);
}

function updateDatabase(call: Call): object {
  const { view } = call;
  const found = findDatabase(view, pathId(call, "database_id"));
  const request = readUpdate(call);
  const trash = request.in_trash ?? request.archived;
  if (trash !== undefined) setTrashed(call, found, trash);
  const { in_trash: _, archived: __, ...changes } = request;
  if (Object.keys(changes).length > 0) changeDatabase(call, found.id, changes);
  return presentDatabase(findDatabase(view, found.id), view);
}

function changeDatabase(
  call: Call,
  databaseId: string,
  changes: Infer<typeof oldUpdateRequest>,
): void {
  const { view } = call;
  const database = findDatabase(view, databaseId);
  assertEditable(view, database);
  const home = changes.parent ? findHome(call, changes.parent) : undefined;
  const { title, description, icon: newIcon, cover: newCover } = changes;
  view.store.put("nodes", {
    ...database,
    ...(title ? { title: toRichText(title) } : {}),
    ...(description ? { description: toRichText(description) } : {}),
    ...(newIcon === undefined ? {} : { icon: newIcon && toIcon(newIcon) }),
    ...(newCover === undefined ? {} : { cover: newCover && toFileSource(newCover) }),
    ...(home ? { parentId: home.id } : {}),
    isInline: changes.is_inline ?? database.isInline,
    isLocked: changes.is_locked ?? database.isLocked,
  });
  touch(call, database);
  if (title && !isAtLeast(view.version, "2025-09-03")) {
    const source = soleDataSource(database, view);
    view.store.put("nodes", { ...source, title: toRichText(title) });
  }
  if (changes.properties) {
    changeColumns(call, soleDataSource(database, view).id, changes.properties);
  }
}
