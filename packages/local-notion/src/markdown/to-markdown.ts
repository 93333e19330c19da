import { nodeUrl } from "../api/urls.ts";
import { pageTitle } from "../api/titles.ts";
import type { View } from "../api/view.ts";
import { presentFile } from "../rich-text/present-rich-text.ts";
import type { FileSource, Icon, RichText } from "../rich-text/rich-text.ts";
import type { BlockNode, Node } from "../store/records.ts";
import { toMarkdownLine } from "./inline.ts";

export interface Markdown {
  text: string;
  /** Blocks that have no form in Markdown. */
  unknownIds: string[];
}

/** The content of a page or block as Markdown: one line for each block, children indented. */
export function toMarkdown(parent: Node, view: View): Markdown {
  const unknownIds: string[] = [];
  const text = segmentsOf(parent, view, unknownIds)
    .map((segment) => segment.text)
    .join("\n");
  return { text, unknownIds };
}

export interface Segment {
  node: Node;
  text: string;
}

/** The Markdown of each child. */
export function segmentsOf(parent: Node, view: View, unknownIds: string[] = []): Segment[] {
  const writer: Writer = { view, unknownIds };
  let number = 0;
  return childrenOf(parent, view).map((node) => {
    number = node.kind === "block" && node.type === "numbered_list_item" ? number + 1 : 0;
    return { node, text: nodeToMarkdown(node, writer, number) };
  });
}

interface Writer {
  view: View;
  unknownIds: string[];
}

function childrenOf(parent: Node, view: View): Node[] {
  return view.store.nodes.liveChildrenOf(parent.id);
}

function nodeToMarkdown(node: Node, writer: Writer, number: number): string {
  switch (node.kind) {
    case "page":
      return `<page url="${urlOf(node.id, writer)}">${pageTitle(node)}</page>`;
    case "database":
      return `<database url="${urlOf(node.id, writer)}">${pageTitle(node)}</database>`;
    case "data_source":
      return "";
    case "block":
      return blockToMarkdown(node, writer, number);
  }
}

function urlOf(id: string, { view }: Writer): string {
  return nodeUrl(id, "", view);
}

function blockToMarkdown(block: BlockNode, writer: Writer, number: number): string {
  const text = toMarkdownLine((block.content["rich_text"] ?? []) as RichText[], (id) =>
    urlOf(id, writer),
  );
  const line = lineOf(block, text, number);
  return line === undefined ? areaOf(block, text, writer) : nested(line, block, writer);
}

/** What blocks of text begin with; undefined for blocks that are more than a line. */
function lineOf({ type, content }: BlockNode, text: string, number: number): string | undefined {
  switch (type) {
    case "paragraph":
      return text === "" ? "<empty-block/>" : text;
    case "heading_1":
    case "heading_2":
    case "heading_3":
    case "heading_4": {
      const toggle = content["is_toggleable"] ? ' {toggle="true"}' : "";
      return `${"#".repeat(Number(type.at(-1)))} ${text}${toggle}`;
    }
    case "bulleted_list_item":
      return `- ${text}`;
    case "numbered_list_item":
      return `${number}. ${text}`;
    case "to_do":
      return `- [${content["checked"] ? "x" : " "}] ${text}`;
    case "quote":
      return `> ${text}`;
    default:
      return undefined;
  }
}

function areaOf(block: BlockNode, line: string, writer: Writer): string {
  const { content } = block;
  switch (block.type) {
    case "toggle":
      return `<details>\n<summary>${line}</summary>\n${below(block, writer)}</details>`;
    case "callout":
      return `<callout${iconAttribute(content["icon"] as Icon | null)}>\n\t${line}\n${below(block, writer)}</callout>`;
    case "code":
      return `\`\`\`${String(content["language"])}\n${rawText(content)}\n\`\`\``;
    case "equation":
      return `$$\n${String(content["expression"])}\n$$`;
    case "divider":
      return "---";
    case "table":
      return tableToMarkdown(block, writer);
    case "column_list":
      return `<columns>\n${below(block, writer)}</columns>`;
    case "column":
      return `<column>\n${below(block, writer)}</column>`;
    case "synced_block":
      return `<synced_block>\n${below(block, writer)}</synced_block>`;
    case "table_of_contents":
      return "<table_of_contents/>";
    case "bookmark":
    case "embed":
      return `[${String(content["url"])}](${String(content["url"])})`;
    case "image":
    case "video":
    case "audio":
    case "pdf":
    case "file":
      return mediaToMarkdown(block, writer);
    default:
      writer.unknownIds.push(block.id);
      return `<unknown url="${urlOf(block.id, writer)}" alt="${block.type}"/>`;
  }
}

/** A line with its children below it, each indented by a tab. */
function nested(line: string, block: BlockNode, writer: Writer): string {
  const inner = below(block, writer);
  return inner === "" ? line : `${line}\n${inner.trimEnd()}`;
}

function below(block: BlockNode, { view, unknownIds }: Writer): string {
  const segments = segmentsOf(block, view, unknownIds);
  return segments.map(({ text }) => `${text.replaceAll(/^/gm, "\t")}\n`).join("");
}

function rawText(content: Record<string, unknown>): string {
  const items = (content["rich_text"] ?? []) as RichText[];
  return items.map((item) => (item.type === "text" ? item.text.content : "")).join("");
}

function iconAttribute(icon: Icon | null): string {
  return icon?.type === "emoji" ? ` icon="${icon.emoji}"` : "";
}

function tableToMarkdown(block: BlockNode, writer: Writer): string {
  const rows = childrenOf(block, writer.view)
    .filter((row) => row.kind === "block")
    .map((row) => rowToMarkdown(row, writer));
  const width = Number(block.content["table_width"]);
  return [rows[0] ?? "", `|${" --- |".repeat(width)}`, ...rows.slice(1)].join("\n");
}

function rowToMarkdown(row: BlockNode, writer: Writer): string {
  const cells = (row.content["cells"] ?? []) as RichText[][];
  const texts = cells.map((cell) => toMarkdownLine(cell, (id) => urlOf(id, writer)));
  return `| ${texts.join(" | ")} |`;
}

function mediaToMarkdown(block: BlockNode, writer: Writer): string {
  const source = presentFile(block.content["source"] as FileSource, writer.view);
  const { url } = Object.values(source).find((part) => typeof part === "object") as { url: string };
  const caption = toMarkdownLine((block.content["caption"] ?? []) as RichText[], (id) =>
    urlOf(id, writer),
  );
  if (block.type === "image") return `![${caption}](${url})`;
  return `<${block.type} src="${url}">${caption}</${block.type}>`;
}
