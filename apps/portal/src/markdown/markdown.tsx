import type { ReactNode } from "react";
import { type Block, type Inline, parseMarkdown } from "./parse-markdown.ts";

/** Shows a customer's Markdown text. */
export function Markdown({ source }: { source: string }) {
  return <div className="prose">{parseMarkdown(source).map(renderBlock)}</div>;
}

// Keys are positions: the text never changes while it is shown.
function renderBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case "heading":
      return (
        <h3 key={key} dir="auto">
          {block.content.map(renderInline)}
        </h3>
      );
    case "paragraph":
      return (
        <p key={key} dir="auto">
          {block.content.map(renderInline)}
        </p>
      );
    case "list": {
      const items = block.items.map((item, index) => (
        <li key={index} dir="auto">
          {item.map(renderInline)}
        </li>
      ));
      return block.isOrdered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
  }
}

function renderInline(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "code":
      return <code key={key}>{inline.text}</code>;
    case "strong":
      return <strong key={key}>{inline.content.map(renderInline)}</strong>;
    case "emphasis":
      return <em key={key}>{inline.content.map(renderInline)}</em>;
    case "link":
      return (
        <a key={key} href={inline.url} target="_blank" rel="noopener noreferrer">
          {inline.content.map(renderInline)}
        </a>
      );
  }
}
