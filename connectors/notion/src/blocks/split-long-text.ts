import { AppError } from "@tenon/connector";
import * as z from "zod";
import { mostItems, RichText, type RichTextItem } from "../rich-text.ts";
import type { BlockTree } from "./block-tree.ts";

/** Well below the 500 KB of a request, so that the rest of the block fits beside its text. */
const mostTextBytes = 300_000;

/**
 * A block whose text has more items than Notion takes, as several of its kind. Its children stay
 * with the last of them, which is where they are read.
 *
 * @throws AppError `invalid_input` for captions and table cells, which cannot be continued.
 */
export function splitLongText(block: BlockTree): BlockTree[] {
  assertShort(block);
  const text = RichText.safeParse(block.content["rich_text"]).data ?? [];
  const packs = toPacks(text);
  if (packs.length < 2) return [block];
  return packs.map((pack, index) => ({
    ...block,
    content: { ...block.content, rich_text: pack },
    children: index === packs.length - 1 ? block.children : [],
  }));
}

function toPacks(items: readonly RichTextItem[]): RichTextItem[][] {
  const packs: RichTextItem[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = byteLength(item);
    const pack = packs.at(-1);
    if (pack && pack.length < mostItems && bytes <= room) pack.push(item);
    else packs.push([item]);
    room = (packs.at(-1) === pack ? room : mostTextBytes) - bytes;
  }
  return packs;
}

const encoder = new TextEncoder();

/** How many bytes a value takes in a request. */
export function byteLength(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

const Cells = z.array(z.array(z.unknown()));

function assertShort({ type, content }: BlockTree): void {
  const caption = content["caption"];
  const texts = [
    ...(Array.isArray(caption) ? [caption] : []),
    ...(Cells.safeParse(content["cells"]).data ?? []),
  ];
  if (texts.every(({ length }) => length <= mostItems)) return;
  throw new AppError(
    "invalid_input",
    400,
    `The text of a ${type} block is too long: a caption or table cell takes at most ${mostItems} items of 2,000 characters.`,
  );
}
