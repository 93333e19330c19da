import { blockTypes } from "../blocks/block-types.ts";
import { childrenSchema, type BlockRequest } from "../blocks/block-schema.ts";
import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { BlockNode, Node } from "../store/records.ts";
import { isRecord, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { anything, boolean, id, literal, optional } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { assertEditable, findBlock, pathId } from "./find-node.ts";
import { insertBlocks, type Place } from "./insert-blocks.ts";
import { paginate, presentList, queryPaging } from "./pagination.ts";
import { presentBlock } from "./present-block.ts";
import { setTrashed, touch } from "./trash.ts";
import { isAtLeast } from "./version.ts";

const path = "/v1/blocks/:block_id";

export const blockRoutes: Route[] = [
  { method: "GET", path, capability: "readContent", answer: retrieveBlock },
  { method: "PATCH", path, capability: "updateContent", answer: updateBlock },
  { method: "DELETE", path, capability: "updateContent", answer: deleteBlock },
  { method: "GET", path: `${path}/children`, capability: "readContent", answer: listChildren },
  {
    method: "PATCH",
    path: `${path}/children`,
    capability: "insertContent",
    answer: appendChildren,
  },
];

function retrieveBlock(call: Call): object {
  return presentBlock(findBlock(call.view, pathId(call, "block_id")), call.view);
}

function listChildren(call: Call): object {
  const { view } = call;
  const parent = findBlock(view, pathId(call, "block_id"));
  const { items, next } = paginate(blockChildren(call, parent), queryPaging(call));
  return presentList(
    items.map((child) => presentBlock(child, view)),
    next?.id,
    "block",
  );
}

/** What is listed below a block; a synced copy shows what its original holds. */
function blockChildren(call: Call, parent: Node): Exclude<Node, { kind: "data_source" }>[] {
  const source = syncedSource(parent);
  const shown = source === undefined ? parent : call.view.store.get("nodes", source);
  if (!shown || !call.view.canSee(shown)) return [];
  return call.view.store.nodes
    .liveChildrenOf(shown.id)
    .filter((child) => child.kind !== "data_source");
}

function syncedSource(node: Node): string | undefined {
  if (node.kind !== "block" || node.type !== "synced_block") return undefined;
  const source = node.content["synced_from"] as { block_id: string } | null;
  return source?.block_id;
}

function appendChildren(call: Call): object {
  const { view } = call;
  const parent = findBlock(view, pathId(call, "block_id"));
  const { blocks, place } = placeAsked(call, parent);
  assertEditable(view, parent);
  assertCanHold(parent);
  const added = insertBlocks(call, parent, { blocks, place });
  touch(call, parent);
  const results = place === "end" ? added : [...added, ...followers(call, parent, added.at(-1))];
  return presentList(
    results.map((block) => presentBlock(block, view)),
    undefined,
    "block",
  );
}

/** An insertion in the middle answers with all that now follows it, as Notion does. */
function followers(call: Call, parent: Node, last: BlockNode | undefined): BlockNode[] {
  const siblings = blockChildren(call, parent);
  const after = siblings.findIndex(({ id: sibling }) => sibling === last?.id);
  return siblings.slice(after + 1) as BlockNode[];
}

const position = union(
  object({ type: literal("after_block"), after_block: object({ id: id() }) }),
  object({ type: literal("start") }),
  object({ type: literal("end") }),
);
const appendRequest = object({ children: childrenSchema, position: optional(position) });
const oldAppendRequest = object({
  children: childrenSchema,
  after: optional(id()),
  position: optional(position),
});

function placeAsked(call: Call, parent: Node): { blocks: BlockRequest[]; place: Place } {
  const isNew = isAtLeast(call.view.version, "2026-03-11");
  const { after, ...request } = isNew
    ? { ...parseBody(appendRequest, call.body), after: undefined }
    : parseBody(oldAppendRequest, call.body);
  const asked = request.position ?? { type: "end" };
  if (after !== undefined || asked.type === "after_block") {
    const sibling = toDashed(after ?? (asked.type === "after_block" ? asked.after_block.id : ""));
    return { blocks: request.children, place: { after: childOf(call, parent, sibling) } };
  }
  return { blocks: request.children, place: asked.type };
}

function childOf(call: Call, parent: Node, siblingId: string): string {
  const sibling = call.view.store.get("nodes", siblingId);
  if (sibling && sibling.parentId === parent.id && !sibling.inTrash) return sibling.id;
  throw NotionError.validation(
    `The block to append after, ${siblingId}, is not a child of ${parent.id}.`,
  );
}

function assertCanHold(parent: Node): void {
  if (parent.kind !== "block") return;
  if (blockTypes[parent.type]?.nesting !== "none") return;
  throw NotionError.validation("Block does not support children.");
}

function updateBlock(call: Call): object {
  const { view } = call;
  const node = findBlock(view, pathId(call, "block_id"));
  const { payload, trash } = readUpdate(call, node);
  if (trash !== undefined) setTrashed(call, node, trash);
  if (payload) updatePayload(call, node, payload);
  return presentBlock(findBlock(view, node.id), view);
}

interface Update {
  payload: Record<string, unknown> | undefined;
  trash: boolean | undefined;
}

/** Only the block's own type can be changed, and only of types the API writes. */
function readUpdate(call: Call, node: Node): Update {
  const isOld = !isAtLeast(call.view.version, "2026-03-11");
  const trashKeys = {
    in_trash: optional(boolean()),
    ...(isOld ? { archived: optional(boolean()) } : {}),
  };
  const type = node.kind === "block" ? node.type : undefined;
  const definition = type === undefined ? undefined : blockTypes[type];
  if (type === undefined || !definition?.isWritable) {
    const request = parseBody(looseTrash(trashKeys), call.body);
    return { payload: undefined, trash: request.in_trash ?? request.archived };
  }
  const body = isRecord(call.body) ? call.body : {};
  const isTrashOnly = !(type in body) && ("in_trash" in body || "archived" in body);
  const payloadSchema = isTrashOnly ? optional(definition.updateSchema) : definition.updateSchema;
  const schema = object({
    type: optional(literal(type)),
    object: optional(literal("block")),
    [type]: payloadSchema,
    ...trashKeys,
  });
  const request: Record<string, unknown> = parseBody(schema, call.body);
  return {
    // The borders to the schema just built: the payload is an object, the flags are booleans.
    payload: request[type] as Update["payload"],
    trash: (request["in_trash"] ?? request["archived"]) as Update["trash"],
  };
}

function looseTrash(keys: Record<string, Schema<boolean | undefined>>) {
  return object({ type: optional(anything()), object: optional(anything()), ...keys }) as Schema<{
    in_trash?: boolean;
    archived?: boolean;
  }>;
}

function updatePayload(call: Call, node: Node, payload: Record<string, unknown>): void {
  if (node.kind !== "block") return;
  const definition = blockTypes[node.type];
  // Restoring and changing may come in one request, so the trash is asked anew.
  const current = call.view.store.get("nodes", node.id) ?? node;
  assertEditable(call.view, current);
  if (!definition || current.kind !== "block") return;
  const content = definition.toContent(payload, current.content);
  call.view.store.put("nodes", { ...current, content });
  touch(call, current);
}

function deleteBlock(call: Call): object {
  const { view } = call;
  const node = findBlock(view, pathId(call, "block_id"));
  setTrashed(call, node, true);
  return presentBlock(findBlock(view, node.id), view);
}
