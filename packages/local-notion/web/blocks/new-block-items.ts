import type { NewBlockType } from "../document/block-kinds.ts";
import type { GlyphName } from "../parts/glyph.tsx";
import type { MenuItem } from "../parts/menu.tsx";

interface NewBlockKind {
  type: NewBlockType | "page";
  label: string;
  glyph: GlyphName;
  hint?: string;
}

const kinds: readonly NewBlockKind[] = [
  { type: "paragraph", label: "Text", glyph: "text" },
  { type: "heading_1", label: "Heading 1", glyph: "heading", hint: "#" },
  { type: "heading_2", label: "Heading 2", glyph: "heading", hint: "##" },
  { type: "heading_3", label: "Heading 3", glyph: "heading", hint: "###" },
  { type: "bulleted_list_item", label: "Bulleted list", glyph: "bullet", hint: "-" },
  { type: "numbered_list_item", label: "Numbered list", glyph: "number", hint: "1." },
  { type: "to_do", label: "To-do", glyph: "todo", hint: "[]" },
  { type: "toggle", label: "Toggle", glyph: "toggle" },
  { type: "quote", label: "Quote", glyph: "quote", hint: ">" },
  { type: "callout", label: "Callout", glyph: "callout" },
  { type: "code", label: "Code", glyph: "code", hint: "```" },
  { type: "divider", label: "Divider", glyph: "divider", hint: "---" },
  { type: "page", label: "Page", glyph: "page" },
];

/** The menu of what can be added. */
export function newBlockItems(add: (type: NewBlockType | "page") => void): MenuItem[] {
  return kinds.map(({ type, ...item }) => ({ ...item, run: () => add(type) }));
}
