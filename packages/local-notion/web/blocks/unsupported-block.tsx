import type { BlockNode } from "../document/block-tree.ts";
import { Nested } from "./nested-blocks.tsx";

/** A block that this page has no picture of: its kind in words, and what is in it. */
export function UnsupportedBlock({ node }: { node: BlockNode }) {
  const { block } = node;
  const type = block.type === "unsupported" ? block.unsupported.block_type : block.type;
  return (
    <>
      <p className="muted-line">
        A block of the type “{(type ?? "unknown").replaceAll("_", " ")}”, not shown here
      </p>
      <Nested node={node} />
    </>
  );
}
