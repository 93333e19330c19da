import { RichText, type RichTextItem, splitRichText } from "../rich-text.ts";
import * as z from "zod";

const Cells = z.array(RichText);

/**
 * A block's content as requests take it: without what only answers have, its texts in items that
 * are short enough.
 */
export function cleanContent(
  type: string,
  content: Record<string, unknown>,
): Record<string, unknown> {
  const kept = Object.entries(content).filter(
    // An answer says null where a block has no icon. Of a callout that has to be said, or it gets one.
    ([key, value]) =>
      value !== undefined && (key !== "icon" || value !== null || type === "callout"),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, cleanField(key, value)]));
}

function cleanField(key: string, value: unknown): unknown {
  if (key === "rich_text" || key === "caption") {
    const { data } = RichText.safeParse(value);
    return data ? cleanRichText(data) : value;
  }
  if (key === "cells") return Cells.safeParse(value).data?.map(cleanRichText) ?? value;
  return value;
}

/** Rich text as requests take it. */
export function cleanRichText(items: readonly RichTextItem[]): RichTextItem[] {
  return splitRichText(items.map(cleanItem));
}

const Link = z.looseObject({
  type: z.string().optional(),
  user: z.looseObject({ id: z.string() }).optional(),
  link_preview: z.looseObject({ url: z.string() }).optional(),
});

function cleanItem(item: RichTextItem): RichTextItem {
  const { plain_text: shown, href: _, ...rest } = item;
  const { data } = Link.safeParse(rest.mention);
  if (data?.user) {
    return { ...rest, mention: { type: "user", user: { id: data.user.id } } };
  }
  if (data?.link_preview) {
    const { mention: _mention, ...look } = rest;
    const { url } = data.link_preview;
    return { ...look, type: "text", text: { content: shown || url, link: { url } } };
  }
  return rest;
}
