import * as z from "zod";

/** The most characters (UTF-16 units) Notion takes in one item of rich text. */
const longestText = 2_000;
/** The most items it takes in one array, of rich text as of anything else. */
export const mostItems = 100;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Longer than any letter with its marks that people write. */
const longestGrapheme = 256;

/** One item of rich text, as a request or an answer has it. */
export const RichTextItem = z.looseObject({
  type: z.string().optional(),
  plain_text: z.string().optional(),
  text: z.looseObject({ content: z.string() }).optional(),
  equation: z.looseObject({ expression: z.string() }).optional(),
  mention: z.looseObject({}).optional(),
});
export type RichTextItem = z.output<typeof RichTextItem>;

export const RichText = z.array(RichTextItem);

/** A text as rich text, in items that Notion takes. Empty for an empty text. */
export function toRichText(text: string): RichTextItem[] {
  return splitText(text).map((content) => ({ type: "text", text: { content } }));
}

/** Rich text whose items are short enough; parts of one item keep its link and annotations. */
export function splitRichText(items: readonly RichTextItem[]): RichTextItem[] {
  return items.flatMap((item) => {
    if (item.text === undefined || item.text.content.length <= longestText) return [item];
    const { plain_text: _, ...rest } = item;
    const { text } = item;
    return splitText(text.content).map((content) => ({ ...rest, text: { ...text, content } }));
  });
}

/** What rich text reads as. Mentions that only the answer spells out are left out of a request's. */
export function plainText(items: readonly RichTextItem[]): string {
  return items
    .map((item) => item.plain_text ?? item.text?.content ?? item.equation?.expression ?? "")
    .join("");
}

/** A text in parts of at most 2,000 units, cut between letters as people see them. */
export function splitText(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    const to = cutAt(text, from);
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

function cutAt(text: string, from: number): number {
  const end = from + longestText;
  if (end >= text.length) return text.length;
  const near = graphemes.segment(text.slice(from, end + longestGrapheme));
  const start = near.containing(longestText)?.index ?? longestText;
  if (start > longestText - longestGrapheme) return from + start;
  // One letter under a heap of marks: only a pair of units must stay together.
  return isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
