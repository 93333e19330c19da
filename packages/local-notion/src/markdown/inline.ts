import { toDashed } from "../ids.ts";
import {
  joinTexts,
  plainAnnotations,
  type Annotations,
  type Mention,
  type RichText,
} from "../rich-text/rich-text.ts";

interface Mark {
  pattern: RegExp;
  apply(match: RegExpExecArray, style: Style): RichText[];
}

interface Style {
  annotations: Annotations;
  link: { url: string } | null;
}

const plainStyle: Style = { annotations: plainAnnotations, link: null };

/** Marks in the order they are looked for; each pattern is anchored where the text stands. */
const marks: readonly Mark[] = [
  { pattern: /^\\([\\*~`$[\]<>{}|^_#+\-.!()])/, apply: (match, style) => run(match[1], style) },
  {
    pattern: /^`([^`\n]+)`/,
    apply: (match, style) => run(match[1], annotated(style, { code: true })),
  },
  {
    pattern: /^\$`?([^$`\n]+)`?\$/,
    apply: ([, expression = ""], { annotations }) => [
      { type: "equation", equation: { expression }, annotations },
    ],
  },
  { pattern: /^\*\*\*(.+?)\*\*\*/, apply: within({ bold: true, italic: true }) },
  { pattern: /^\*\*(.+?)\*\*/, apply: within({ bold: true }) },
  { pattern: /^__(.+?)__/, apply: within({ bold: true }) },
  { pattern: /^\*([^\s*](?:.*?[^\s*])?)\*/, apply: within({ italic: true }) },
  { pattern: /^_([^\s_](?:.*?[^\s_])?)_(?!\w)/, apply: within({ italic: true }) },
  { pattern: /^~~(.+?)~~/, apply: within({ strikethrough: true }) },
  { pattern: /^<span underline="true">(.*?)<\/span>/, apply: within({ underline: true }) },
  {
    pattern: /^<span color="(\w+)">(.*?)<\/span>/,
    apply: ([, color = "default", text = ""], style) =>
      parse(text, annotated(style, { color: color.replace(/_bg$/, "_background") })),
  },
  {
    pattern: /^\[([^\]]+)\]\(([^)\s]+)\)/,
    apply: ([, text = "", url = ""], style) => parse(text, { ...style, link: { url } }),
  },
  {
    pattern:
      /^<mention-(page|database|user) url="[^"]*?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"[^>]*?(?:\/>|>.*?<\/mention-\1>)/,
    apply: ([, kind = "", id = ""], { annotations }) => [
      { type: "mention", mention: toMention(kind, toDashed(id)), annotations },
    ],
  },
  {
    pattern: /^<mention-date start="([^"]+)"(?: end="([^"]+)")?\s*\/>/,
    apply: ([, start = "", end], { annotations }) => [
      {
        type: "mention",
        mention: { type: "date", date: { start, end: end ?? null, time_zone: null } },
        annotations,
      },
    ],
  },
  { pattern: /^<br\s*\/?>/, apply: (_, style) => run("\n", style) },
];

/** One line of Markdown as rich text. */
export function fromMarkdownLine(line: string): RichText[] {
  return joinTexts(parse(line, plainStyle));
}

function parse(line: string, style: Style): RichText[] {
  const items: RichText[] = [];
  let rest = line;
  while (rest !== "") {
    const found = firstMark(rest);
    if (found) {
      items.push(...found.mark.apply(found.match, style));
      rest = rest.slice(found.match[0].length);
    } else {
      // Whatever begins no mark, up to where the next one may begin.
      const plain = /^[^\\`$*_~<[]+|^./su.exec(rest)?.[0] ?? rest;
      items.push(...run(plain, style));
      rest = rest.slice(plain.length);
    }
  }
  return items;
}

function firstMark(rest: string): { mark: Mark; match: RegExpExecArray } | undefined {
  for (const mark of marks) {
    const match = mark.pattern.exec(rest);
    if (match) return { mark, match };
  }
  return undefined;
}

function within(annotations: Partial<Annotations>): Mark["apply"] {
  return (match, style) => parse(match[1] ?? "", annotated(style, annotations));
}

function annotated(style: Style, annotations: Partial<Annotations>): Style {
  return { ...style, annotations: { ...style.annotations, ...annotations } };
}

function run(content: string | undefined, { annotations, link }: Style): RichText[] {
  return content ? [{ type: "text", text: { content, link }, annotations }] : [];
}

function toMention(kind: string, id: string): Mention {
  switch (kind) {
    case "user":
      return { type: "user", user: { id } };
    case "database":
      return { type: "database", database: { id } };
    default:
      return { type: "page", page: { id } };
  }
}

/** Rich text as one line of Markdown. */
export function toMarkdownLine(items: readonly RichText[], urlOf: (id: string) => string): string {
  return items.map((item) => itemToMarkdown(item, urlOf)).join("");
}

function itemToMarkdown(item: RichText, urlOf: (id: string) => string): string {
  if (item.type === "equation") return `$${item.equation.expression}$`;
  if (item.type === "mention") return mentionToMarkdown(item.mention, urlOf);
  const { content, link } = item.text;
  const { annotations } = item;
  const escaped = annotations.code
    ? `\`${content}\``
    : content.replaceAll(/[\\*~`$[\]<>{}|^]/g, "\\$&").replaceAll("\n", "<br>");
  const marked = decorate(escaped, annotations);
  return link ? `[${marked}](${link.url})` : marked;
}

/** Marks must touch a text's first and last letter, so spaces around it stay outside. */
function decorate(text: string, annotations: Annotations): string {
  const [, before = "", core = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  if (core === "") return text;
  let marked = core;
  if (annotations.strikethrough) marked = `~~${marked}~~`;
  if (annotations.italic) marked = `*${marked}*`;
  if (annotations.bold) marked = `**${marked}**`;
  if (annotations.underline) marked = `<span underline="true">${marked}</span>`;
  if (annotations.color !== "default") {
    marked = `<span color="${annotations.color.replace("_background", "_bg")}">${marked}</span>`;
  }
  return before + marked + after;
}

function mentionToMarkdown(mention: Mention, urlOf: (id: string) => string): string {
  switch (mention.type) {
    case "page":
      return `<mention-page url="${urlOf(mention.page.id)}"/>`;
    case "database":
      return `<mention-database url="${urlOf(mention.database.id)}"/>`;
    case "user":
      return `<mention-user url="user://${mention.user.id}"/>`;
    case "date": {
      const { start, end } = mention.date;
      return `<mention-date start="${start}"${end ? ` end="${end}"` : ""}/>`;
    }
    case "custom_emoji":
      return `:${mention.custom_emoji.name}:`;
    case "link_preview":
      return mention.link_preview.url;
    case "link_mention":
      return mention.link_mention.href;
    case "template_mention":
      return `@${Object.values(mention.template_mention)[1]}`;
  }
}
