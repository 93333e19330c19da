import { languageNamed } from "../blocks/languages.ts";
import { toDashed } from "../ids.ts";
import { plain, type Icon, type RichText } from "../rich-text/rich-text.ts";
import { fromMarkdownLine } from "./inline.ts";

/** What Markdown describes: new blocks, and pages or databases that are there already. */
export type Parsed =
  | { kind: "block"; type: string; content: Record<string, unknown>; children: Parsed[] }
  | { kind: "existing"; id: string };

interface Line {
  depth: number;
  text: string;
}

/** Reads Markdown into blocks. Blank lines only separate; tabs or spaces indent children. */
export function fromMarkdown(markdown: string): Parsed[] {
  const lines = markdown.replaceAll("\r\n", "\n").split("\n").map(toLine);
  return new Reader(lines).blocks(0);
}

function toLine(raw: string): Line {
  const [, indent = "", text = ""] = /^([\t ]*)(.*)$/s.exec(raw) ?? [];
  const width = [...indent.matchAll(/\t| {1,4}/g)].length;
  return { depth: width, text };
}

const tags = ["details", "callout", "columns", "column", "synced_block"];

/** Goes through lines once, from the first to the last. */
class Reader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** The blocks from here on that are at least so deep, up to a closing tag. */
  blocks(depth: number): Parsed[] {
    const found: Parsed[] = [];
    for (let line = this.#peek(); line; line = this.#peek()) {
      if (line.text === "") this.#at += 1;
      else if (line.depth < depth || line.text.startsWith("</")) break;
      else found.push(...this.#block(line));
    }
    return found;
  }

  #peek(): Line | undefined {
    return this.#lines[this.#at];
  }

  #block(line: Line): Parsed[] {
    const { text } = line;
    if (text.startsWith("```")) return [this.#code(line)];
    if (text === "$$") return [this.#equation(line)];
    if (/^\|.*\|$/.test(text) && isTableRule(this.#lines[this.#at + 1])) return [this.#table()];
    const [, tag, attributes = ""] = /^<(\w+)([^>]*)>$/.exec(text) ?? [];
    if (tag !== undefined && tags.includes(tag)) return [this.#tagged(tag, attributes, line)];
    this.#at += 1;
    const parsed = parseLine(text);
    if (parsed.kind === "block" && mayNest(parsed.type)) {
      parsed.children.push(...this.#childrenOf(line));
    }
    return [parsed];
  }

  /** Lines deeper than the one before them, blank ones between skipped. */
  #childrenOf(line: Line): Parsed[] {
    const next = this.#lines.slice(this.#at).find(({ text }) => text !== "");
    return next && next.depth > line.depth ? this.blocks(line.depth + 1) : [];
  }

  #code({ text, depth }: Line): Parsed {
    const name = text.slice(3).trim().toLowerCase();
    const body: string[] = [];
    this.#at += 1;
    for (let line = this.#peek(); line && line.text !== "```"; line = this.#peek()) {
      body.push("\t".repeat(Math.max(0, line.depth - depth)) + line.text);
      this.#at += 1;
    }
    this.#at += 1;
    const language = languageNamed(name);
    return block("code", { caption: [], rich_text: chunks(body.join("\n")), language });
  }

  #equation({ depth }: Line): Parsed {
    const body: string[] = [];
    this.#at += 1;
    for (let line = this.#peek(); line && line.text !== "$$"; line = this.#peek()) {
      body.push("\t".repeat(Math.max(0, line.depth - depth)) + line.text);
      this.#at += 1;
    }
    this.#at += 1;
    return block("equation", { expression: body.join("\n") });
  }

  #table(): Parsed {
    const rows: RichText[][][] = [];
    for (let line = this.#peek(); line && /^\|.*\|$/.test(line.text); line = this.#peek()) {
      if (!isTableRule(line)) rows.push(cellsOf(line.text));
      this.#at += 1;
    }
    const width = Math.max(1, ...rows.map((row) => row.length));
    const children = rows.map((row) => {
      const cells = Array.from({ length: width }, (_, index) => row[index] ?? []);
      return block("table_row", { cells });
    });
    const looks = { table_width: width, has_column_header: true, has_row_header: false };
    return block("table", looks, children);
  }

  #tagged(tag: string, attributes: string, line: Line): Parsed {
    this.#at += 1;
    const summary = this.#peek()?.text.match(/^<summary>(.*)<\/summary>$/)?.[1];
    if (summary !== undefined) this.#at += 1;
    const children = this.blocks(line.depth);
    if (this.#peek()?.text === `</${tag}>`) this.#at += 1;
    switch (tag) {
      case "details":
        return block(
          "toggle",
          { rich_text: fromMarkdownLine(summary ?? ""), color: "default" },
          children,
        );
      case "callout":
        return callout(attributes, children);
      case "columns":
        return block("column_list", {}, children);
      case "column":
        return block("column", {}, children);
      default:
        return block("synced_block", { synced_from: null }, children);
    }
  }
}

function block(
  type: string,
  content: Record<string, unknown>,
  children: Parsed[] = [],
): Extract<Parsed, { kind: "block" }> {
  return { kind: "block", type, content, children };
}

/** The first paragraph in a callout is its own text. */
function callout(attributes: string, children: Parsed[]): Parsed {
  const emoji = /icon="([^"]+)"/.exec(attributes)?.[1];
  const icon: Icon = { type: "emoji", emoji: emoji ?? "💡" };
  const [first, ...rest] = children;
  const ownsFirst = first?.kind === "block" && first.type === "paragraph";
  const text = ownsFirst ? first.content["rich_text"] : [];
  return block("callout", { rich_text: text, icon, color: "default" }, ownsFirst ? rest : children);
}

function mayNest(type: string): boolean {
  return !["divider", "image", "equation", "code", "embed", "table_of_contents"].includes(type);
}

function isTableRule(line: Line | undefined): boolean {
  return line !== undefined && /^\|(\s*:?-+:?\s*\|)+$/.test(line.text);
}

function cellsOf(row: string): RichText[][] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => fromMarkdownLine(cell.trim()));
}

/** Long texts in runs that the API would take. */
function chunks(text: string): RichText[] {
  return (text.match(/[^]{1,2000}/g) ?? []).map((part) => plain(part));
}

const existing =
  /^<(?:page|database) url="[^"]*?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"[^>]*>.*<\/(?:page|database)>$/;

function parseLine(text: string): Parsed {
  const known = existing.exec(text)?.[1];
  if (known !== undefined) return { kind: "existing", id: toDashed(known) };
  const heading = /^(#{1,6})\s+(.*?)(\s*\{toggle="true"\})?$/.exec(text);
  if (heading) {
    const [, hashes = "#", title = "", toggle] = heading;
    const type = `heading_${Math.min(4, hashes.length)}`;
    const look = { is_toggleable: toggle !== undefined, color: "default" };
    return block(type, { rich_text: fromMarkdownLine(title), ...look });
  }
  if (/^(---|\*\*\*|___)$/.test(text)) return block("divider", {});
  if (text === "<empty-block/>") return written("paragraph", "", { icon: null });
  if (/^<table_of_contents\s*\/>$/.test(text))
    return block("table_of_contents", { color: "default" });
  const image = /^!\[(.*)\]\(([^)\s]+)\)$/.exec(text);
  if (image) return media("image", image[1] ?? "", image[2] ?? "");
  const file = /^<(video|audio|pdf|file) src="([^"]+)"[^>]*>(.*)<\/\1>$/.exec(text);
  if (file) return media(file[1] ?? "file", file[3] ?? "", file[2] ?? "");
  return parseListLine(text) ?? written("paragraph", text, { icon: null });
}

function parseListLine(text: string): Parsed | undefined {
  const todo = /^[-*+]\s+\[([ xX])\]\s*(.*)$/.exec(text);
  if (todo) return written("to_do", todo[2] ?? "", { checked: todo[1] !== " " });
  const bullet = /^[-*+]\s+(.*)$/.exec(text);
  if (bullet) return written("bulleted_list_item", bullet[1] ?? "");
  const numbered = /^\d+[.)]\s+(.*)$/.exec(text);
  if (numbered) return written("numbered_list_item", numbered[1] ?? "");
  const quote = /^>\s?(.*)$/.exec(text);
  return quote ? written("quote", quote[1] ?? "") : undefined;
}

function written(type: string, text: string, extra: Record<string, unknown> = {}): Parsed {
  return block(type, { rich_text: fromMarkdownLine(text), ...extra, color: "default" });
}

function media(type: string, caption: string, url: string): Parsed {
  const source = { type: "external", external: { url } };
  const name = type === "file" ? { name: url.split("/").at(-1) ?? "file" } : {};
  return block(type, { caption: fromMarkdownLine(caption), source, ...name });
}
