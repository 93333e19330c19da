import { childrenSchema } from "../blocks/block-schema.ts";
import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { fromMarkdown } from "../markdown/from-markdown.ts";
import { storeProperties } from "../properties/columns.ts";
import { propertyValues } from "../properties/value-schema.ts";
import { cover, icon } from "../rich-text/rich-text-schema.ts";
import { toFileSource, toIcon } from "../rich-text/store-rich-text.ts";
import type { DatabaseNode, DataSourceNode, PageNode } from "../store/records.ts";
import { object, looseObject, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, id, literal, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call } from "./call.ts";
import {
  assertEditable,
  findBlock,
  findDatabase,
  findDataSource,
  findPage,
  notFound,
} from "./find-node.ts";
import { insertBlocks, ordersFor, type Place } from "./insert-blocks.ts";
import { enterRow } from "./enter-row.ts";
import { presentPage } from "./present-page.ts";
import { insertParsed } from "./rewrite-content.ts";
import { soleDataSource } from "./sole-data-source.ts";
import { newStamp } from "./stamp.ts";
import { titleOf } from "./titles.ts";
import { touch } from "./trash.ts";

const parent = union(
  looseObject({ type: optional(literal("page_id")), page_id: id() }),
  looseObject({ type: optional(literal("database_id")), database_id: id() }),
  looseObject({ type: optional(literal("data_source_id")), data_source_id: id() }),
  looseObject({ type: optional(literal("workspace")), workspace: literal(true) }),
);
const position = union(
  object({ type: literal("after_block"), after_block: object({ id: id() }) }),
  object({ type: literal("page_start") }),
  object({ type: literal("page_end") }),
);
const createRequest = object({
  parent,
  properties: optional(propertyValues),
  icon: optional(nullable(icon)),
  cover: optional(nullable(cover)),
  children: optional(childrenSchema),
  content: optional(childrenSchema),
  markdown: optional(string()),
  allow_async: optional(boolean()),
  template: optional(looseObject({ type: oneOf(["none", "default", "template_id"]) })),
  position: optional(position),
});
type CreateRequest = Infer<typeof createRequest>;

type PageParent = PageNode | DataSourceNode | undefined;

/** Makes a page in a page, a data source or, for connections of a person, the workspace. */
export function createPage(call: Call): object {
  const { view } = call;
  const request = parseBody(createRequest, call.body);
  const home = findParent(call, request.parent);
  if (home) assertEditable(view, home);
  const source = home?.kind === "data_source" ? home : undefined;
  const page: PageNode = {
    kind: "page",
    ...newStamp(view, home),
    order: orderFor(call, home, request.position),
    icon: request.icon ? toIcon(request.icon) : null,
    cover: request.cover ? toFileSource(request.cover) : null,
    isLocked: false,
    isArchived: false,
    properties: storeProperties(request.properties ?? {}, source, view),
  };
  view.store.put("nodes", page);
  if (source) enterRow(view, source.id, page);
  const blocks = request.children ?? request.content ?? [];
  insertBlocks(call, page, { blocks, place: "end" });
  if (request.markdown !== undefined) insertMarkdown(call, page, request.markdown);
  if (home?.kind === "page") touch(call, home);
  if (!home) share(call, page);
  return presentPage(findPage(view, page.id), view, { hasWholeTexts: true });
}

/** Content written in Markdown; a first heading names a page that has no title. */
function insertMarkdown(call: Call, page: PageNode, markdown: string): void {
  const parsed = fromMarkdown(markdown);
  const [first] = parsed;
  const isTitle = first?.kind === "block" && first.type === "heading_1";
  if (isTitle && titleOf(page).length === 0) {
    const title = { type: "title", value: first.content["rich_text"] };
    const current = findPage(call.view, page.id);
    const properties = { ...current.properties, title };
    call.view.store.put("nodes", { ...current, properties });
    parsed.shift();
  }
  insertParsed(call, page, { parsed, after: undefined });
}

function findParent(call: Call, request: CreateRequest["parent"]): PageParent {
  const { view } = call;
  if ("page_id" in request) {
    const node = findBlockParent(call, request.page_id);
    if (node.kind === "page") return node;
    throw notFound("page", request.page_id, view);
  }
  if ("data_source_id" in request) return findDataSource(view, request.data_source_id);
  if ("database_id" in request)
    return soleDataSource(findDatabase(view, request.database_id), view);
  if (view.connection.personId !== null) return undefined;
  throw NotionError.validation(
    "Internal integrations aren't owned by a single user, so creating workspace-level private pages is not supported.",
  );
}

function findBlockParent(call: Call, rawId: string): PageNode | DatabaseNode | { kind: "block" } {
  try {
    return findBlock(call.view, rawId);
  } catch (error) {
    if (error instanceof NotionError) throw notFound("page", rawId, call.view);
    throw error;
  }
}

function orderFor(call: Call, home: PageParent, position: CreateRequest["position"]): number {
  const parentId = home?.id ?? call.view.connection.workspaceId;
  const place = toPlace(call, parentId, position);
  return ordersFor(call.view.store, parentId, { place, count: 1 })[0] ?? 0;
}

function toPlace(call: Call, parentId: string, position: CreateRequest["position"]): Place {
  if (!position || position.type === "page_end") return "end";
  if (position.type === "page_start") return "start";
  const sibling = call.view.store.get("nodes", toDashed(position.after_block.id));
  if (sibling?.parentId === parentId) return { after: sibling.id };
  throw NotionError.validation(`${position.after_block.id} is not a block of the parent page.`);
}

/** A page at the top of the workspace is seen by the connection that made it. */
function share(call: Call, page: PageNode): void {
  const connection = call.view.store.get("connections", call.view.connection.id);
  if (!connection || connection.shared === "all") return;
  call.view.store.put("connections", { ...connection, shared: [...connection.shared, page.id] });
}
