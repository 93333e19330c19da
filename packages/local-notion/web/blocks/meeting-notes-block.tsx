import type { BlockOf } from "../api/objects.ts";
import type { BlockNode } from "../document/block-tree.ts";
import { Glyph } from "../parts/glyph.tsx";
import { RichTextView } from "../rich-text/rich-text-view.tsx";
import { NestedBlocks } from "./nested-blocks.tsx";

interface MeetingNotesBlockProps {
  node: BlockNode;
  block: BlockOf<"meeting_notes">;
}

/** Notes of a meeting: summary, notes and transcript, each to unfold. */
export function MeetingNotesBlock({ node, block }: MeetingNotesBlockProps) {
  return (
    <section className="meeting-notes" aria-label="Meeting notes">
      <p className="meeting-title">
        <Glyph name="audio" />
        <RichTextView value={block.meeting_notes.title ?? []} />
      </p>
      <NestedBlocks keys={node.children} />
    </section>
  );
}
