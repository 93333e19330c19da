import { type ReactNode, useId, useState } from "react";
import type { BlockNode } from "../document/block-tree.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { plainText } from "../rich-text/runs.ts";
import { NestedBlocks } from "./nested-blocks.tsx";
import { AddInside } from "./add-inside.tsx";
import { BlockText } from "./block-text.tsx";
import { TextColors } from "./text-colors.tsx";

export function ToggleBlock({ node, color }: { node: BlockNode; color: string }) {
  return (
    <TextColors color={color}>
      <Fold node={node}>
        {(isOpen) => <BlockText node={node} label="Toggle" placeholder="Toggle" isOpen={isOpen} />}
      </Fold>
    </TextColors>
  );
}

/** A line with what can be folded away below it. */
export function Fold(props: { node: BlockNode; children(isOpen: boolean): ReactNode }) {
  const { key, text = [], children } = props.node;
  const [isOpen, setOpen] = useState(false);
  const contentId = useId();
  const name = plainText(text) || "this toggle";
  return (
    <>
      <div className="with-marker">
        <IconButton
          label={isOpen ? `Fold ${name}` : `Unfold ${name}`}
          glyph="arrow"
          className="fold-button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? contentId : undefined}
          onClick={() => setOpen(!isOpen)}
        />
        {props.children(isOpen)}
      </div>
      {isOpen && (
        <div className="nested" id={contentId}>
          <NestedBlocks keys={children} />
          {children.length === 0 && <AddInside parent={key} />}
        </div>
      )}
    </>
  );
}
