import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { PageIcon } from "../parts/page-icon.tsx";
import { NestedBlocks } from "./nested-blocks.tsx";
import { BlockText } from "./block-text.tsx";
import { TextColors } from "./text-colors.tsx";

export function CalloutBlock({ node, block }: { node: BlockNode; block: BlockOf<"callout"> }) {
  const { icon, color } = block.callout;
  return (
    <TextColors color={color} className="callout">
      {icon && <PageIcon icon={icon} kind="page" />}
      <div className="callout-text">
        <BlockText node={node} label="Callout" placeholder="Callout" />
        <NestedBlocks keys={node.children} />
      </div>
    </TextColors>
  );
}
