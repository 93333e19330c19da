import type { BlockNode } from "../document/block-tree.ts";
import { useOpenPage } from "../document/use-page-document.ts";

/** Blocks in a block. What draws them comes from the page, as blocks are in blocks without end. */
export function NestedBlocks({ keys }: { keys: readonly string[] }) {
  const { Blocks } = useOpenPage();
  return <Blocks keys={keys} />;
}

/** The blocks in a block, moved in. */
export function Nested({ node }: { node: BlockNode }) {
  if (node.children.length === 0) return null;
  return (
    <div className="nested">
      <NestedBlocks keys={node.children} />
    </div>
  );
}
