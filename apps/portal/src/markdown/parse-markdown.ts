export type Block =
  | { kind: "heading"; content: Inline[] }
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "list"; isOrdered: boolean; items: Inline[][] };

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong"; content: Inline[] }
  | { kind: "emphasis"; content: Inline[] }
  | { kind: "link"; url: string; content: Inline[] };

/**
 * Reads the part of Markdown that an overview needs: headings, paragraphs, flat lists, bold,
 * italic, code and links. Everything else, HTML first of all, stays the text it is. The result is
 * data, so there is no markup to be injected; links other than http, https and mailto lose their
 * target.
 */
export function parseMarkdown(source: string): Block[] {
  const blocks: Draft[] = [];
  let open: Draft | undefined;
  for (const line of source.split(/\r?\n/)) {
    open = readLine(line, open);
    if (open && open !== blocks.at(-1)) blocks.push(open);
  }
  return blocks.map(finish);
}

interface Draft {
  kind: Block["kind"];
  isOrdered: boolean;
  /** One text, or one per list item. */
  texts: string[];
}

/** The block that a line belongs to: a new one, the open one with the line added, or none. */
function readLine(line: string, open: Draft | undefined): Draft | undefined {
  const text = line.trim();
  if (text === "") return undefined;
  const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
  if (heading !== undefined) return { kind: "heading", isOrdered: false, texts: [heading] };
  const [, bullet, item = ""] = /^([-*+]|\d{1,9}[.)])\s+(.*)$/.exec(text) ?? [];
  if (bullet !== undefined) return addItem(open, /\d/.test(bullet), item);
  if (!open || open.kind === "heading")
    return { kind: "paragraph", isOrdered: false, texts: [text] };
  open.texts.push(`${open.texts.pop() ?? ""} ${text}`);
  return open;
}

function addItem(open: Draft | undefined, isOrdered: boolean, item: string): Draft {
  if (open?.kind !== "list" || open.isOrdered !== isOrdered) {
    return { kind: "list", isOrdered, texts: [item] };
  }
  open.texts.push(item);
  return open;
}

function finish({ kind, isOrdered, texts }: Draft): Block {
  const content = texts.map((text) => parseInline(text));
  return kind === "list" ? { kind, isOrdered, items: content } : { kind, content: content.flat() };
}

/** Alternatives: escape, code, bold, italic (two spellings), image or link. */
const inline =
  /\\([\\`*_[\]()#+.!-])|`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|(?<!\w)_([^_\s][^_]*)_(?!\w)|(!?)\[([^[\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)/g;

function parseInline(text: string): Inline[] {
  const result: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    pushText(result, text.slice(end, match.index));
    result.push(readMatch(match));
    end = match.index + match[0].length;
  }
  pushText(result, text.slice(end));
  return result;
}

function readMatch(match: RegExpExecArray): Inline {
  const [, escaped, code, bold, star, underscore, bang, label = "", url = ""] = match;
  if (escaped !== undefined) return { kind: "text", text: escaped };
  if (code !== undefined) return { kind: "code", text: code };
  if (bold !== undefined) return { kind: "strong", content: parseInline(bold) };
  const emphasis = star ?? underscore;
  if (emphasis !== undefined) return { kind: "emphasis", content: parseInline(emphasis) };
  if (bang !== "" || !isSafe(url)) return { kind: "text", text: label };
  return { kind: "link", url, content: parseInline(label) };
}

function pushText(to: Inline[], text: string): void {
  if (text !== "") to.push({ kind: "text", text });
}

function isSafe(url: string): boolean {
  return URL.canParse(url) && ["https:", "http:", "mailto:"].includes(new URL(url).protocol);
}
