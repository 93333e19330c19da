export interface Annotations {
  bold: boolean;
  italic: boolean;
  strikethrough: boolean;
  underline: boolean;
  code: boolean;
  color: string;
}

export interface DateValue {
  start: string;
  end: string | null;
  time_zone: string | null;
}

export type Mention =
  | { type: "user"; user: { id: string } }
  | { type: "page"; page: { id: string } }
  | { type: "database"; database: { id: string } }
  | { type: "date"; date: DateValue }
  | { type: "custom_emoji"; custom_emoji: { id: string; name: string; url: string } }
  | { type: "template_mention"; template_mention: Record<string, string> }
  | { type: "link_preview"; link_preview: { url: string } }
  | { type: "link_mention"; link_mention: { href: string; title?: string } };

/** A run of text as stored; `plain_text`, `href` and what a mention shows are made on reading. */
export type RichText = { annotations: Annotations } & (
  | { type: "text"; text: { content: string; link: { url: string } | null } }
  | { type: "mention"; mention: Mention }
  | { type: "equation"; equation: { expression: string } }
);

export type FileSource =
  | { type: "external"; external: { url: string } }
  | { type: "file_upload"; file_upload: { id: string } }
  /** A hosted file an answer named and a client sent back: its URL is kept as it is. */
  | { type: "file"; file: { url: string } };

export type Icon =
  | FileSource
  | { type: "emoji"; emoji: string }
  | { type: "custom_emoji"; custom_emoji: { id: string; name: string; url: string } }
  | { type: "icon"; icon: { name: string; color: string } };

export const plainAnnotations: Annotations = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: "default",
};

/** One run of plain text. */
export function plain(content: string, annotations: Partial<Annotations> = {}): RichText {
  return {
    type: "text",
    text: { content, link: null },
    annotations: { ...plainAnnotations, ...annotations },
  };
}

/** What a text reads, without asking who may see what it mentions. */
export function plainTextOf(items: readonly RichText[]): string {
  return items
    .map((item) => {
      if (item.type === "text") return item.text.content;
      return item.type === "equation" ? item.equation.expression : "";
    })
    .join("");
}

/** Joins neighbouring texts that look the same, as Notion keeps them. */
export function joinTexts(items: readonly RichText[]): RichText[] {
  const joined: RichText[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (last?.type === "text" && item.type === "text" && lookOf(last) === lookOf(item)) {
      const content = last.text.content + item.text.content;
      joined[joined.length - 1] = { ...last, text: { ...last.text, content } };
    } else {
      joined.push(item);
    }
  }
  return joined;
}

function lookOf(item: Extract<RichText, { type: "text" }>): string {
  const { bold, italic, strikethrough, underline, code, color } = item.annotations;
  const look = [bold, italic, strikethrough, underline, code, color];
  return JSON.stringify([...look, item.text.link?.url ?? null]);
}
