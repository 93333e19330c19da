import { sourceOf, storeProperties } from "../properties/columns.ts";
import { syncRelations } from "../properties/relation.ts";
import { propertyValues } from "../properties/value-schema.ts";
import { cover, icon } from "../rich-text/rich-text-schema.ts";
import { toFileSource, toIcon } from "../rich-text/store-rich-text.ts";
import type { PageNode } from "../store/records.ts";
import { object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, nullable, optional } from "../validate/scalars.ts";
import type { Call, Route } from "./call.ts";
import { createPage } from "./create-page.ts";
import { assertEditable, findPage, pathId } from "./find-node.ts";
import { presentPage } from "./present-page.ts";
import { setTrashed } from "./trash.ts";
import { isAtLeast } from "./version.ts";

const path = "/v1/pages/:page_id";

export const pageRoutes: Route[] = [
  { method: "POST", path: "/v1/pages", capability: "insertContent", answer: createPage },
  { method: "GET", path, capability: "readContent", answer: retrievePage },
  { method: "PATCH", path, capability: "updateContent", answer: updatePage },
];

function retrievePage(call: Call): object {
  const only = askedProperties(call);
  return presentPage(findPage(call.view, pathId(call, "page_id")), call.view, { only });
}

/** Ids in `filter_properties`, which clients repeat, with or without brackets. */
export function askedProperties(call: Call): string[] | undefined {
  const asked = call.query["filter_properties"] ?? call.query["filter_properties[]"];
  if (asked === undefined) return undefined;
  return typeof asked === "string" ? [asked] : asked;
}

const fields = {
  properties: optional(propertyValues),
  icon: optional(nullable(icon)),
  cover: optional(nullable(cover)),
  is_locked: optional(boolean()),
  in_trash: optional(boolean()),
  is_archived: optional(boolean()),
  erase_content: optional(boolean()),
};
const updateRequest = object(fields);
const oldUpdateRequest = object({ ...fields, archived: optional(boolean()) });

function updatePage(call: Call): object {
  const { view } = call;
  const page = findPage(view, pathId(call, "page_id"));
  const { archived, ...request } = isAtLeast(view.version, "2026-03-11")
    ? { ...parseBody(updateRequest, call.body), archived: undefined }
    : parseBody(oldUpdateRequest, call.body);
  const trash = request.in_trash ?? archived;
  if (trash !== undefined) setTrashed(call, page, trash);
  const { in_trash: _, ...changes } = request;
  if (Object.keys(changes).length > 0) applyChanges(call, page.id, changes);
  const updated = findPage(view, page.id);
  return presentPage(updated, view, { only: askedProperties(call) });
}

type Changes = Omit<NonNullable<(typeof updateRequest)["output"]>, "in_trash">;

function applyChanges(call: Call, pageId: string, changes: Changes): void {
  const { view } = call;
  const page = findPage(view, pageId);
  assertEditable(view, page);
  const source = sourceOf(page, view);
  const values = storeProperties(changes.properties ?? {}, source, view);
  if (changes.erase_content) eraseContent(call, page);
  const updated: PageNode = {
    ...page,
    properties: { ...page.properties, ...values },
    ...(changes.icon === undefined ? {} : { icon: changes.icon && toIcon(changes.icon) }),
    ...(changes.cover === undefined ? {} : { cover: changes.cover && toFileSource(changes.cover) }),
    isLocked: changes.is_locked ?? page.isLocked,
    isArchived: changes.is_archived ?? page.isArchived,
    editedTime: view.clock.now(),
    editedBy: view.connection.id,
  };
  view.store.put("nodes", updated);
  if (source) syncRelations(view, source.schema, { before: page, after: updated });
}

function eraseContent(call: Call, page: PageNode): void {
  for (const child of call.view.store.nodes.liveChildrenOf(page.id)) setTrashed(call, child, true);
}
