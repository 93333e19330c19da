import { followingType, isTextBlock, type NewBlockType } from "../document/block-kinds.ts";
import { type BlockNode, type Place, rootKey } from "../document/block-tree.ts";
import { type OpenPage, useOpenPage } from "../document/use-page-document.ts";
import type { Range } from "../rich-text/caret.ts";
import { joinRuns, plainText, sliceRuns } from "../rich-text/runs.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** What a person can do with blocks, each with the focus going where they go on. */
export function useBlockEdits() {
  const page = useOpenPage();
  const { notices } = useWorkspace();
  const { create } = usePageActions();

  const add = (type: NewBlockType | "page", place: Place) => {
    if (type === "page") void create(page.document.id);
    else startWriting(page, page.document.insert(type, place));
  };

  return {
    add,
    replace: (node: BlockNode, type: NewBlockType | "page") => {
      if (type === "page") void create(page.document.id);
      else startWriting(page, page.document.replace(node.key, type));
    },
    remove: (node: BlockNode) => {
      removeBlock(page, node.key);
      notices.tell("Block deleted.", {
        label: "Undo",
        run: () => page.document.restore(node.key),
      });
    },
    breakAt: (node: BlockNode, range: Range, isOpen: boolean) =>
      breakBlock(page, node, { range, isOpen }),
    backspace: (node: BlockNode) => mergeBack(page, node),
  };
}

/** Focuses the new block, or a paragraph below when it has no text. */
function startWriting({ document, fields }: OpenPage, key: string): void {
  const node = document.node(key);
  if (!node) return;
  const hasText = node.text !== undefined;
  const below = { parent: node.parent, after: key };
  fields.focus(hasText ? key : document.insert("paragraph", below), "start");
}

function removeBlock({ document, fields }: OpenPage, key: string): void {
  const next = fields.neighbour(key, -1) ?? "title";
  document.remove(key);
  fields.focus(next, "end");
}

/** Enter: the text behind the caret goes into a new block. */
function breakBlock(
  page: OpenPage,
  node: BlockNode,
  { range, isOpen }: { range: Range; isOpen: boolean },
): void {
  const { document, fields } = page;
  const { key, parent, text = [] } = node;
  const type = followingType(node.block);
  const isEmpty = plainText(text) === "";
  if (isEmpty && type !== "paragraph" && node.children.length === 0) return leaveList(page, node);
  if (range.end === 0 && !isEmpty) {
    document.insert(type, { parent, before: key });
    return;
  }
  const behind = sliceRuns(text, range.end);
  if (behind.length > 0 || range.end > range.start) {
    document.setText(key, sliceRuns(text, 0, range.start));
  }
  const made = isOpen
    ? document.insert("paragraph", { parent: key, before: node.children[0] }, behind)
    : document.insert(type, { parent, after: key }, behind);
  fields.focus(made, "start");
  document.outbox.flush();
}

/** Enter in an empty item ends the list: one level out when nested, else with a paragraph. */
function leaveList({ document, fields }: OpenPage, node: BlockNode): void {
  const around = node.parent === rootKey ? undefined : document.node(node.parent);
  const isLast = around?.children.at(-1) === node.key;
  const listType = around && followingType(around.block);
  if (around && isLast && listType !== undefined && listType !== "paragraph") {
    const made = document.insert(listType, { parent: around.parent, after: around.key });
    document.remove(node.key);
    fields.focus(made, "start");
  } else {
    fields.focus(document.replace(node.key, "paragraph"), "start");
  }
}

/** Backspace at the very start: an empty block goes, another joins the text before it. Says whether it did. */
function mergeBack(page: OpenPage, node: BlockNode): boolean {
  const { document, fields } = page;
  if (node.children.length > 0) return false;
  const { text = [] } = node;
  if (plainText(text) === "") {
    removeBlock(page, node.key);
    return true;
  }
  const beforeKey = fields.neighbour(node.key, -1);
  const before = beforeKey === undefined ? undefined : document.node(beforeKey);
  const canJoin = before && isTextBlock(before.block) && node.block.type !== "code";
  if (!canJoin || before.text === undefined) return false;
  const end = plainText(before.text).length;
  document.setText(before.key, joinRuns(before.text, text));
  document.remove(node.key);
  fields.focus(before.key, end);
  return true;
}
