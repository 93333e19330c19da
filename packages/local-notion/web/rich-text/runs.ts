import type { RichText } from "../api/objects.ts";

/** A piece of rich text in the API's request form. */
export type TextRequest = Record<string, unknown>;

export type Mark = "bold" | "italic" | "underline" | "strikethrough" | "code";

/** The API takes at most this many characters in one piece of text. */
const longestPiece = 2000;

const plain: RichText["annotations"] = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: "default",
};

export function textRun(content: string, like?: RichText): RichText {
  const link = like?.type === "text" ? like.text.link : null;
  return {
    type: "text",
    text: { content, link },
    annotations: like?.annotations ?? plain,
    plain_text: content,
    href: link?.url ?? null,
  };
}

export function plainText(runs: readonly RichText[]): string {
  return runs.map((run) => run.plain_text).join("");
}

/** The characters from `start` to `end`. A mention or equation is never cut: it belongs to where it begins. */
export function sliceRuns(runs: readonly RichText[], start: number, end = Infinity): RichText[] {
  const slice: RichText[] = [];
  let offset = 0;
  for (const run of runs) {
    const from = offset;
    offset += run.plain_text.length;
    if (run.type !== "text") {
      if (from >= start && from < end) slice.push(run);
      continue;
    }
    const content = run.text.content.slice(Math.max(0, start - from), Math.max(0, end - from));
    if (content) slice.push(textRun(content, run));
  }
  return slice;
}

/** Puts texts one after the other, as few runs as possible. */
export function joinRuns(...texts: readonly (readonly RichText[])[]): RichText[] {
  const joined: RichText[] = [];
  for (const run of texts.flat()) {
    const last = joined.at(-1);
    if (last?.type === "text" && run.type === "text" && looksLike(last, run)) {
      joined[joined.length - 1] = textRun(last.text.content + run.text.content, last);
    } else if (run.type !== "text" || run.text.content) {
      joined.push(run);
    }
  }
  return joined;
}

/** Sets the mark on all characters of the range, or takes it off when all of them have it. */
export function toggleMark(
  runs: readonly RichText[],
  range: { start: number; end: number },
  mark: Mark,
): RichText[] {
  const inside = sliceRuns(runs, range.start, range.end);
  const on = !inside.every((run) => run.annotations[mark]);
  const marked = inside.map((run) => ({ ...run, annotations: { ...run.annotations, [mark]: on } }));
  return joinRuns(sliceRuns(runs, 0, range.start), marked, sliceRuns(runs, range.end));
}

export function isSameText(one: readonly RichText[], other: readonly RichText[]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The text as the API takes it; what can only be read there becomes a link. */
export function toTextRequest(runs: readonly RichText[]): TextRequest[] {
  return runs.flatMap((run) => {
    const { annotations } = run;
    switch (run.type) {
      case "text":
        return pieces(run.text.content).map((content) => ({
          type: "text",
          text: { content, link: run.text.link },
          annotations,
        }));
      case "equation":
        return [{ type: "equation", equation: run.equation, annotations }];
      case "mention":
        return [{ ...mentionRequest(run), annotations }];
    }
  });
}

function mentionRequest(run: RichText & { type: "mention" }): TextRequest {
  const { mention } = run;
  switch (mention.type) {
    case "user":
      return { type: "mention", mention: { user: { id: mention.user.id } } };
    case "custom_emoji":
      return { type: "mention", mention: { custom_emoji: { id: mention.custom_emoji.id } } };
    case "link_preview":
    case "link_mention":
      return {
        type: "text",
        text: { content: run.plain_text, link: run.href === null ? null : { url: run.href } },
      };
    case "page":
    case "database":
    case "date":
    case "template_mention":
      return { type: "mention", mention };
  }
}

function pieces(content: string): string[] {
  const count = Math.ceil(content.length / longestPiece);
  return Array.from({ length: count }, (_, index) =>
    content.slice(index * longestPiece, (index + 1) * longestPiece),
  );
}

function looksLike(one: RichText, other: RichText): boolean {
  return (
    one.href === other.href && JSON.stringify(one.annotations) === JSON.stringify(other.annotations)
  );
}
