import { readBlock, type BlockRequest } from "../blocks/block-schema.ts";
import { blockTypes } from "../blocks/block-types.ts";
import { NotionError } from "../notion-error.ts";
import type { BlockNode, Node } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Call } from "./call.ts";
import { newStamp } from "./stamp.ts";

/** Where among its new siblings something goes. */
export type Place = "start" | "end" | { after: string };

/** Blocks in one request, all levels counted. */
const mostBlocks = 1_000;

/** Makes the blocks of a request and everything below them; gives the top level. */
export function insertBlocks(
  call: Call,
  parent: Node,
  { blocks, place }: { blocks: BlockRequest[]; place: Place },
): BlockNode[] {
  assertNotTooMany(blocks);
  const orders = ordersFor(call.view.store, parent.id, { place, count: blocks.length });
  return blocks.map((block, index) =>
    insertBlock(call, parent, { block, order: orders[index] ?? 0 }),
  );
}

function insertBlock(
  call: Call,
  parent: Node,
  { block, order }: { block: BlockRequest; order: number },
): BlockNode {
  const { type, payload, children } = readBlock(block);
  const definition = blockTypes[type];
  if (!definition) throw new Error(`A block of the unknown type ${type} passed its schema.`);
  assertFits(type, payload, parent);
  const node: BlockNode = {
    kind: "block",
    ...newStamp(call.view, parent),
    order,
    type,
    content: definition.toContent(payload),
  };
  call.view.store.put("nodes", node);
  for (const [index, child] of children.entries()) {
    insertBlock(call, node, { block: child, order: (index + 1) * 1_024 });
  }
  return node;
}

/** Rows are as wide as their table. */
function assertFits(type: string, payload: Record<string, unknown>, parent: Node): void {
  const isInTable = parent.kind === "block" && parent.type === "table";
  if (type !== "table_row") {
    if (isInTable) throw NotionError.validation("Tables can only have table rows as children.");
    return;
  }
  if (!isInTable) throw NotionError.validation("Table rows can only be children of tables.");
  const cells = payload["cells"];
  if (Array.isArray(cells) && cells.length === parent.content["table_width"]) return;
  throw NotionError.validation(
    "Number of cells in table row must match the table width of the parent table",
  );
}

function assertNotTooMany(blocks: BlockRequest[]): void {
  const count = (some: BlockRequest[]): number =>
    some.reduce((sum, block) => sum + 1 + count(readBlock(block).children), 0);
  const total = count(blocks);
  if (total <= mostBlocks) return;
  throw NotionError.validation(
    `body failed validation: body.children should contain ≤ \`${mostBlocks}\` blocks in total, instead was \`${total}\`.`,
  );
}

/** Orders for new children; when numbers run out between two, their siblings are spread anew. */
export function ordersFor(
  store: Store,
  parentId: string,
  { place, count }: { place: Place; count: number },
): number[] {
  if (place === "end") {
    const first = store.nodes.orderAtEnd(parentId);
    return Array.from({ length: count }, (_, index) => first + index * 1_024);
  }
  const after = place === "start" ? undefined : place.after;
  const orders = store.nodes.ordersAfter(parentId, after, count);
  if (orders) return orders;
  for (const [index, sibling] of [...store.nodes.childrenOf(parentId)].entries()) {
    store.put("nodes", { ...sibling, order: (index + 1) * 1_048_576 });
  }
  return store.nodes.ordersAfter(parentId, after, count) ?? [];
}
