import type { Block, BlockRequest, BlockType, RichText } from "../api/objects.ts";
import { type TextRequest, toTextRequest } from "../rich-text/runs.ts";

/** Blocks that hold one text, edited in place. */
type TextBlockType = (typeof textBlockTypes)[number];
export type TextBlock = Extract<Block, { type: TextBlockType }>;
/** Blocks that a person can add here. */
export type NewBlockType = Exclude<TextBlockType, "heading_4"> | "divider";

const textBlockTypes = [
  "paragraph",
  "heading_1",
  "heading_2",
  "heading_3",
  "heading_4",
  "bulleted_list_item",
  "numbered_list_item",
  "to_do",
  "toggle",
  "quote",
  "callout",
  "code",
] as const;

const textTypes: ReadonlySet<BlockType> = new Set(textBlockTypes);

/** Text blocks that others can be put into from here. */
const nestingTypes: ReadonlySet<BlockType> = new Set([
  "bulleted_list_item",
  "numbered_list_item",
  "to_do",
  "toggle",
  "quote",
  "callout",
]);

export function isTextBlock(block: Block): block is TextBlock {
  return textTypes.has(block.type);
}

export function textOf(block: Block): readonly RichText[] | undefined {
  if (!isTextBlock(block)) return undefined;
  switch (block.type) {
    case "paragraph":
      return block.paragraph.rich_text;
    case "heading_1":
      return block.heading_1.rich_text;
    case "heading_2":
      return block.heading_2.rich_text;
    case "heading_3":
      return block.heading_3.rich_text;
    case "heading_4":
      return block.heading_4.rich_text;
    case "bulleted_list_item":
      return block.bulleted_list_item.rich_text;
    case "numbered_list_item":
      return block.numbered_list_item.rich_text;
    case "to_do":
      return block.to_do.rich_text;
    case "toggle":
      return block.toggle.rich_text;
    case "quote":
      return block.quote.rich_text;
    case "callout":
      return block.callout.rich_text;
    case "code":
      return block.code.rich_text;
  }
}

/** Whether the block is an item of a list, or a heading or toggle that folds, or another container. */
export function takesChildren(block: Block): boolean {
  if (nestingTypes.has(block.type)) return true;
  return isFoldingHeading(block);
}

export function isFoldingHeading(block: Block): boolean {
  switch (block.type) {
    case "heading_1":
      return block.heading_1.is_toggleable;
    case "heading_2":
      return block.heading_2.is_toggleable;
    case "heading_3":
      return block.heading_3.is_toggleable;
    default:
      return false;
  }
}

/** A block that is shown at once and gets its id, and all else, when the API has made it. */
export function draftBlock(type: NewBlockType): Block {
  const base = { id: "", has_children: false };
  const text = { rich_text: [], color: "default" as const };
  switch (type) {
    case "paragraph":
      return { ...base, type, paragraph: { ...text, icon: null } };
    case "heading_1":
      return { ...base, type, heading_1: { ...text, is_toggleable: false } };
    case "heading_2":
      return { ...base, type, heading_2: { ...text, is_toggleable: false } };
    case "heading_3":
      return { ...base, type, heading_3: { ...text, is_toggleable: false } };
    case "bulleted_list_item":
      return { ...base, type, bulleted_list_item: text };
    case "numbered_list_item":
      return { ...base, type, numbered_list_item: text };
    case "to_do":
      return { ...base, type, to_do: { ...text, checked: false } };
    case "toggle":
      return { ...base, type, toggle: text };
    case "quote":
      return { ...base, type, quote: text };
    case "callout":
      return { ...base, type, callout: { ...text, icon: { type: "emoji", emoji: "💡" } } };
    case "code":
      return { ...base, type, code: { rich_text: [], caption: [], language: "plain text" } };
    case "divider":
      return { ...base, type, divider: {} };
  }
}

/** The request that makes a block like this one. */
export function newBlockRequest(block: Block, text: readonly RichText[] | undefined): BlockRequest {
  if (text === undefined) return { type: block.type, [block.type]: {} };
  const rich_text: TextRequest[] = toTextRequest(text);
  switch (block.type) {
    case "to_do":
      return { type: "to_do", to_do: { rich_text, checked: block.to_do.checked } };
    case "callout":
      return { type: "callout", callout: { rich_text, icon: block.callout.icon } };
    case "code":
      return { type: "code", code: { rich_text, language: block.code.language } };
    default:
      return { type: block.type, [block.type]: { rich_text } };
  }
}

/** The block that a line break at the end of this one begins. */
export function followingType(block: Block): NewBlockType {
  switch (block.type) {
    case "bulleted_list_item":
    case "numbered_list_item":
    case "to_do":
    case "toggle":
      return block.type;
    default:
      return "paragraph";
  }
}

const shortcuts: Record<string, NewBlockType> = {
  "# ": "heading_1",
  "## ": "heading_2",
  "### ": "heading_3",
  "- ": "bulleted_list_item",
  "* ": "bulleted_list_item",
  "1. ": "numbered_list_item",
  "[] ": "to_do",
  "[ ] ": "to_do",
  "> ": "quote",
  "```": "code",
  "---": "divider",
};

/** The block that the beginning of a paragraph asks for, written as in Markdown. */
export function shortcutType(text: string): NewBlockType | undefined {
  return Object.hasOwn(shortcuts, text) ? shortcuts[text] : undefined;
}
