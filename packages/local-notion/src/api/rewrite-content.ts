import { fromMarkdown, type Parsed } from "../markdown/from-markdown.ts";
import { segmentsOf, type Segment } from "../markdown/to-markdown.ts";
import { NotionError } from "../notion-error.ts";
import type { BlockNode, Node, PageNode } from "../store/records.ts";
import type { Call } from "./call.ts";
import { ordersFor } from "./insert-blocks.ts";
import type { Span } from "./page-markdown.ts";
import { newStamp } from "./stamp.ts";
import { setTrashed, touch } from "./trash.ts";

/**
 * Replaces a part of a page's Markdown. The blocks it touches are made anew from the changed
 * text; those before and after it stay the blocks they are, and so does every page and database
 * whose line is still in the text.
 */
export function rewriteContent(
  call: Call,
  page: PageNode,
  edit: { span: Span; text: string; mayDelete: boolean },
): void {
  const located = locate(segmentsOf(page, call.view));
  const { from, to } = edit.span;
  const touched = located.filter((one) => one.start < to && one.end > from);
  const before = located.filter((one) => one.end <= from && !touched.includes(one)).at(-1);
  const first = touched[0];
  const last = touched.at(-1);
  const head = first ? first.text.slice(0, Math.max(0, from - first.start)) : "";
  const tail = last ? last.text.slice(Math.max(0, to - last.start)) : "";
  const parsed = fromMarkdown(head + edit.text + tail);
  const kept = new Set(existingIds(parsed));
  const dropped = touched.map(({ node }) => node).filter(({ id }) => !kept.has(id));
  assertMayDrop(dropped, edit.mayDelete);
  for (const node of dropped) setTrashed(call, node, true);
  insertParsed(call, page, { parsed, after: before?.node.id });
  touch(call, page);
}

/** Each child's text and where it is in the whole, one line break between two. */
function locate(segments: Segment[]): (Segment & { start: number; end: number })[] {
  let at = 0;
  return segments.map((segment) => {
    const start = at;
    at += segment.text.length + 1;
    return { ...segment, start, end: start + segment.text.length };
  });
}

function existingIds(parsed: Parsed[]): string[] {
  return parsed.flatMap((one) => (one.kind === "existing" ? [one.id] : existingIds(one.children)));
}

function assertMayDrop(dropped: Node[], mayDelete: boolean): void {
  const lost = dropped.find(({ kind }) => kind !== "block");
  if (!lost || mayDelete) return;
  throw NotionError.validation(
    `This would delete the child page or database ${lost.id}. Keep its line, or set allow_deleting_content.`,
  );
}

/** Puts what was read after a child, or at the start with none given. */
export function insertParsed(
  call: Call,
  parent: Node,
  { parsed, after }: { parsed: Parsed[]; after: string | undefined },
): void {
  const place = after === undefined ? "start" : { after };
  const orders = ordersFor(call.view.store, parent.id, { place, count: parsed.length });
  for (const [index, one] of parsed.entries()) {
    insertOne(call, parent, { parsed: one, order: orders[index] ?? 0 });
  }
}

function insertOne(
  call: Call,
  parent: Node,
  { parsed, order }: { parsed: Parsed; order: number },
): void {
  const { store } = call.view;
  if (parsed.kind === "existing") {
    const node = store.get("nodes", parsed.id);
    // Only what was on the page already is moved about on it.
    if (node && node.parentId === parent.id) store.put("nodes", { ...node, order });
    return;
  }
  const node: BlockNode = {
    kind: "block",
    ...newStamp(call.view, parent),
    order,
    type: parsed.type,
    content: parsed.content,
  };
  store.put("nodes", node);
  for (const [index, child] of parsed.children.entries()) {
    insertOne(call, node, { parsed: child, order: (index + 1) * 1_024 });
  }
}
