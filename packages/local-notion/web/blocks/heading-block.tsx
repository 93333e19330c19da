import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { isFoldingHeading } from "../document/block-kinds.ts";
import { BlockText } from "./block-text.tsx";
import { TextColors } from "./text-colors.tsx";
import { Fold } from "./toggle-block.tsx";

type Heading = BlockOf<"heading_1" | "heading_2" | "heading_3" | "heading_4">;

/** A heading: one level below the page's title, as that is the first. */
export function HeadingBlock({ node, block }: { node: BlockNode; block: Heading }) {
  const { level, color } = toHeading(block);
  const Tag = tags[level];
  const text = (isOpen: boolean) => (
    <Tag className={`heading heading-${level}`} data-heading={node.key}>
      <BlockText
        node={node}
        label={`Heading ${level}`}
        placeholder={`Heading ${level}`}
        isOpen={isOpen}
      />
    </Tag>
  );
  return (
    <TextColors color={color}>
      {isFoldingHeading(block) ? <Fold node={node}>{text}</Fold> : text(false)}
    </TextColors>
  );
}

const tags = { 1: "h2", 2: "h3", 3: "h4", 4: "h5" } as const;

function toHeading(block: Heading): { level: 1 | 2 | 3 | 4; color: string } {
  switch (block.type) {
    case "heading_1":
      return { level: 1, color: block.heading_1.color };
    case "heading_2":
      return { level: 2, color: block.heading_2.color };
    case "heading_3":
      return { level: 3, color: block.heading_3.color };
    case "heading_4":
      return { level: 4, color: block.heading_4.color };
  }
}
