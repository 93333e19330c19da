import { isTextBlock, type TextBlock } from "../document/block-kinds.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { BlockText } from "./block-text.tsx";
import { CalloutBlock } from "./callout-block.tsx";
import { CodeBlock } from "./code-block.tsx";
import { ColumnsBlock } from "./columns-block.tsx";
import { ContentsBlock } from "./contents-block.tsx";
import { HeadingBlock } from "./heading-block.tsx";
import { ImageBlock } from "./image-block.tsx";
import { LinkCardBlock } from "./link-card-block.tsx";
import { BulletedItem, NumberedItem, ToDoItem } from "./list-items.tsx";
import { MeetingNotesBlock } from "./meeting-notes-block.tsx";
import { Nested } from "./nested-blocks.tsx";
import { ChildDatabaseBlock, ChildPageBlock, LinkToPageBlock } from "./page-link-block.tsx";
import { SyncedBlock } from "./synced-block.tsx";
import { TableBlock } from "./table-block.tsx";
import { TextColors } from "./text-colors.tsx";
import { ToggleBlock } from "./toggle-block.tsx";
import { UnsupportedBlock } from "./unsupported-block.tsx";

interface BlockViewProps {
  node: BlockNode;
  /** Its place among numbered items. */
  number: number;
}

/** What a block looks like. Types that this page does not know are named, with what is in them. */
export function BlockView({ node, number }: BlockViewProps) {
  const { block } = node;
  if (isTextBlock(block)) return <TextBlockView node={node} block={block} number={number} />;
  switch (block.type) {
    case "equation":
      return <div className="equation">{block.equation.expression}</div>;
    case "divider":
      return <hr />;
    case "image":
      return <ImageBlock block={block} />;
    case "bookmark":
    case "embed":
    case "link_preview":
    case "video":
    case "audio":
    case "pdf":
    case "file":
      return <LinkCardBlock block={block} />;
    case "table":
      return <TableBlock node={node} block={block} />;
    case "column_list":
      return <ColumnsBlock node={node} />;
    case "synced_block":
      return <SyncedBlock node={node} />;
    case "meeting_notes":
      return <MeetingNotesBlock node={node} block={block} />;
    case "child_page":
      return <ChildPageBlock block={block} />;
    case "child_database":
      return <ChildDatabaseBlock block={block} />;
    case "link_to_page":
      return <LinkToPageBlock block={block} />;
    case "table_of_contents":
      return <ContentsBlock />;
    default:
      return <UnsupportedBlock node={node} />;
  }
}

function TextBlockView({ node, block, number }: BlockViewProps & { block: TextBlock }) {
  switch (block.type) {
    case "paragraph":
      return (
        <TextColors color={block.paragraph.color}>
          <BlockText node={node} label="Text" placeholder="Write, or press / for blocks" />
          <Nested node={node} />
        </TextColors>
      );
    case "heading_1":
    case "heading_2":
    case "heading_3":
    case "heading_4":
      return <HeadingBlock node={node} block={block} />;
    case "bulleted_list_item":
      return <BulletedItem node={node} block={block} />;
    case "numbered_list_item":
      return <NumberedItem node={node} block={block} number={number} />;
    case "to_do":
      return <ToDoItem node={node} block={block} />;
    case "toggle":
      return <ToggleBlock node={node} color={block.toggle.color} />;
    case "quote":
      return (
        <TextColors color={block.quote.color} className="quote">
          <BlockText node={node} label="Quote" placeholder="Quote" />
          <Nested node={node} />
        </TextColors>
      );
    case "callout":
      return <CalloutBlock node={node} block={block} />;
    case "code":
      return <CodeBlock node={node} block={block} />;
  }
}
