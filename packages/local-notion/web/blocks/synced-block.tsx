import type { BlockNode } from "../document/block-tree.ts";
import { NestedBlocks } from "./nested-blocks.tsx";

/** Blocks that stand in several places. */
export function SyncedBlock({ node }: { node: BlockNode }) {
  return (
    <section className="synced" aria-label="Synced block">
      <NestedBlocks keys={node.children} />
      {node.children.length === 0 && <p className="muted-line">Empty synced block</p>}
    </section>
  );
}
