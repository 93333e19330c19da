import type { BlockNode } from "../document/block-tree.ts";
import { useBlock } from "../document/use-page-document.ts";
import { AddInside } from "./add-inside.tsx";
import { NestedBlocks } from "./nested-blocks.tsx";

/** Columns side by side; one below the other where there is no room. */
export function ColumnsBlock({ node }: { node: BlockNode }) {
  return (
    <div className="columns">
      {node.children.map((key) => (
        <Column key={key} blockKey={key} />
      ))}
    </div>
  );
}

function Column({ blockKey }: { blockKey: string }) {
  const node = useBlock(blockKey);
  if (node?.block.type !== "column") return null;
  return (
    <div className="column" style={{ flexGrow: node.block.column.width_ratio ?? 1 }}>
      <NestedBlocks keys={node.children} />
      {node.children.length === 0 && <AddInside parent={blockKey} />}
    </div>
  );
}
