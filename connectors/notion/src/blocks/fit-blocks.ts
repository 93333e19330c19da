import { mostItems } from "../rich-text.ts";
import type { BlockTree } from "./block-tree.ts";
import { byteLength } from "./split-long-text.ts";

/** Notion's limits of one request, the bytes with some room for what is around the blocks. */
const mostBlocks = 1_000;
const mostBytes = 450_000;
/** Levels of children that a request may hold below its top-level blocks. */
const mostLevels = 2;

/** A block in a request. */
export type BlockRequest = Record<string, unknown>;

/** What is left to make below a block of which a part was sent. */
export interface Rest {
  /** All the children it is to have. */
  children: readonly BlockTree[];
  /** For each of the first ones, which were sent with it: what is left of that one. */
  sent: readonly (Rest | undefined)[];
}

/** One block of a request: all that hangs below it where that fits, else as little as may be. */
export interface Cut {
  request: BlockRequest;
  rest: Rest | undefined;
}

/** The next blocks that fit one request, beginning with `trees[from]`. At least one. */
export function fitRequest(trees: readonly BlockTree[], from = 0): Cut[] {
  const cuts: Cut[] = [];
  let blocks = 0;
  let bytes = 0;
  for (const tree of trees.slice(from, from + mostItems)) {
    const cut = cutBlock(tree);
    blocks += countBlocks(cut.request);
    bytes += byteLength(cut.request) + 1;
    if (cuts.length > 0 && (blocks > mostBlocks || bytes > mostBytes)) break;
    cuts.push(cut);
  }
  return cuts;
}

function cutBlock(tree: BlockTree): Cut {
  if (fitsNesting(tree, mostLevels)) {
    const request = toRequest(tree, tree.children.map(toWhole));
    if (countBlocks(request) <= mostBlocks && byteLength(request) <= mostBytes) {
      return { request, rest: undefined };
    }
  }
  return toSkeleton(tree);
}

/** Whether everything below a block may be in the same request. */
function fitsNesting({ type, children }: BlockTree, levels: number): boolean {
  if (children.length > mostItems) return false;
  if (children.length === 0) return true;
  // Columns are no level of their own, and only stand at the top of a request.
  if (type === "column_list") {
    return levels === mostLevels && children.every((column) => fitsNesting(column, levels));
  }
  return levels > 0 && children.every((child) => fitsNesting(child, levels - 1));
}

function toWhole(tree: BlockTree): BlockRequest {
  return toRequest(tree, tree.children.map(toWhole));
}

function toRequest({ type, content }: BlockTree, children: BlockRequest[]): BlockRequest {
  const inner = children.length > 0 || type === "tab" ? { ...content, children } : content;
  return { object: "block", type, [type]: inner };
}

/** A block with only those children that it cannot be made without. */
function toSkeleton(tree: BlockTree): Cut {
  const cuts = neededChildren(tree).map(toSkeleton);
  const isWhole = cuts.length >= tree.children.length && cuts.every(({ rest }) => !rest);
  return {
    request: toRequest(
      tree,
      cuts.map(({ request }) => request),
    ),
    rest: isWhole ? undefined : { children: tree.children, sent: cuts.map(({ rest }) => rest) },
  };
}

const emptyParagraph: BlockTree = {
  type: "paragraph",
  content: { rich_text: [] },
  children: [],
};

function neededChildren({ type, children }: BlockTree): readonly BlockTree[] {
  switch (type) {
    case "column_list":
      return children;
    case "column":
      return [children[0] ?? emptyParagraph];
    case "table":
      return children.slice(0, rowsThatFit(children));
    case "tab":
      return children.slice(0, mostItems);
    default:
      return [];
  }
}

function rowsThatFit(rows: readonly BlockTree[]): number {
  let bytes = 0;
  const most = rows.slice(0, mostItems).findIndex((row) => {
    bytes += byteLength(row.content) + 100;
    return bytes > mostBytes;
  });
  return most < 0 ? mostItems : Math.max(1, most);
}

function countBlocks(request: BlockRequest): number {
  const type = String(request["type"]);
  const content = request[type];
  const children =
    typeof content === "object" && content !== null && "children" in content
      ? content.children
      : [];
  if (!Array.isArray(children)) return 1;
  return children.reduce((sum: number, child: BlockRequest) => sum + countBlocks(child), 1);
}
