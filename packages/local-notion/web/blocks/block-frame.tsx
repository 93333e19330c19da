import { takesChildren } from "../document/block-kinds.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { useBlock, useOpenPage } from "../document/use-page-document.ts";
import { MenuButton } from "../parts/menu-button.tsx";
import type { MenuItem } from "../parts/menu.tsx";
import { BlockView } from "./block-view.tsx";
import { newBlockItems } from "./new-block-items.ts";
import { useBlockEdits } from "./use-block-edits.ts";

/** A block with its controls, which show when the pointer or the focus is on it. */
export function BlockFrame({ blockKey, number }: { blockKey: string; number: number }) {
  const node = useBlock(blockKey);
  const { readOnly } = useOpenPage();
  if (!node) return null;
  return (
    <div className={`block block-${node.block.type}`} data-block={node.block.id}>
      {!readOnly && hasControls(node) && <BlockControls node={node} />}
      <div className="block-body">
        <BlockView node={node} number={number} />
      </div>
    </div>
  );
}

/** Rows and columns belong to their table and list; a page is thrown away by itself. */
function hasControls({ block }: BlockNode): boolean {
  return block.type !== "table_row" && block.type !== "column";
}

function BlockControls({ node }: { node: BlockNode }) {
  const { add, remove } = useBlockEdits();
  const { key, parent, block } = node;
  const isPage = block.type === "child_page" || block.type === "child_database";
  const addItems = newBlockItems((type) => add(type, { parent, after: key }));
  const inside: MenuItem = {
    label: "Add inside",
    glyph: "add",
    run: () => add("paragraph", { parent: key }),
  };
  const below: MenuItem = {
    label: "Add below",
    glyph: "add",
    hint: "Enter",
    run: () => add("paragraph", { parent, after: key }),
  };
  const removal: MenuItem = {
    label: "Delete",
    glyph: "trash",
    isDangerous: true,
    run: () => remove(node),
  };
  const actions = [below, ...(takesChildren(block) ? [inside] : []), ...(isPage ? [] : [removal])];
  return (
    <div className="block-controls">
      <MenuButton label="Add a block below" glyph="add" items={addItems} tabIndex={-1} />
      <MenuButton label="Block actions" glyph="grip" items={actions} />
    </div>
  );
}
