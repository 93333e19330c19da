import type { RichText } from "../api/objects.ts";
import { RichTextView } from "../rich-text/rich-text-view.tsx";

/** The caption of the figure around it, if it has one. */
export function Caption({ text }: { text: readonly RichText[] }) {
  if (text.length === 0) return null;
  return (
    <figcaption>
      <RichTextView value={text} />
    </figcaption>
  );
}
