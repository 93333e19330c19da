/** Below the 500 KB of a request, and what one request may well be asked to make. */
const mostBytes = 300_000;
const mostLines = 800;

const encoder = new TextEncoder();

/**
 * Markdown in parts that a request takes, cut only between blocks at the margin: not within code,
 * equations, tags or what is indented. None for blank text.
 */
export function splitMarkdown(markdown: string): string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (lines.some((line) => line.trim() !== "")) parts.push(lines.join("\n"));
    lines = [];
    bytes = 0;
  };
  for (const section of toSections(markdown)) {
    const size = section.reduce((sum, line) => sum + encoder.encode(line).length + 1, 0);
    const isFull = bytes + size > mostBytes || lines.length + section.length > mostLines;
    if (isFull) flush();
    lines.push(...section);
    bytes += size;
  }
  flush();
  return parts;
}

/** Runs of lines that belong together. */
function toSections(markdown: string): string[][] {
  const sections: string[][] = [];
  let closing: string | undefined;
  let depth = 0;
  let wasInside = false;
  for (const line of markdown.replaceAll("\r\n", "\n").split("\n")) {
    const isMargin = !/^[\t ]/.test(line) && line.trim() !== "" && !/^[|<]/.test(line);
    if (isMargin && !wasInside) sections.push([line]);
    else if (sections.length === 0) sections.push([line]);
    else sections.at(-1)?.push(line);
    const fence = /^\s*(`{3,}|~{3,}|\$\$)/.exec(line)?.[1];
    if (closing === undefined) {
      depth += tagDepth(line);
      closing = fence;
    } else if (fence === closing) closing = undefined;
    wasInside = closing !== undefined || depth > 0;
  }
  return sections;
}

function tagDepth(line: string): number {
  const opens = line.match(/<(?:details|callout|columns?|synced_block|table)\b[^>]*(?<!\/)>/g);
  const closes = line.match(/<\/(?:details|callout|columns?|synced_block|table)>/g);
  return (opens?.length ?? 0) - (closes?.length ?? 0);
}
