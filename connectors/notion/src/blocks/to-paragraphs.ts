import { toRichText } from "../rich-text.ts";
import type { BlockTree } from "./block-tree.ts";
import { splitLongText } from "./split-long-text.ts";

/** Plain text as paragraphs, one for each line. None for blank text. */
export function toParagraphs(text: string): BlockTree[] {
  if (text.trim() === "") return [];
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .flatMap((line) =>
      splitLongText({ type: "paragraph", content: { rich_text: toRichText(line) }, children: [] }),
    );
}
