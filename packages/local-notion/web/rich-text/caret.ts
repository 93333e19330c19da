/** A range of characters in an editable element. */
export interface Range {
  start: number;
  end: number;
}

/** Where the selection is in the element, or undefined when it is elsewhere. */
export function readSelection(element: HTMLElement): Range | undefined {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) {
    return undefined;
  }
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length };
}

/** Focuses the element and selects the characters, as far as there are so many. */
export function selectRange(element: HTMLElement, { start, end }: Range): void {
  if (document.activeElement !== element) element.focus({ preventScroll: true });
  const range = document.createRange();
  range.setStart(...place(element, start));
  range.setEnd(...place(element, end));
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  element.scrollIntoView({ block: "nearest" });
}

function place(element: HTMLElement, offset: number): [Node, number] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    // A caret inside a mention would be lost: it goes behind.
    if (left <= length && node.parentElement?.isContentEditable) return [node, left];
    left = Math.max(0, left - length);
  }
  return [element, element.childNodes.length];
}

/** Whether the caret stands in the first or last visible line. */
export function isAtEdge(element: HTMLElement, edge: "first" | "last"): boolean {
  const selection = document.getSelection();
  if (!selection?.isCollapsed || selection.rangeCount === 0) return false;
  const caret = selection.getRangeAt(0).getClientRects()[0];
  // An empty line has no rectangle; an element without text has one line only.
  if (!caret) return element.textContent === "" || !element.textContent?.includes("\n");
  const box = element.getBoundingClientRect();
  const half = caret.height / 2;
  return edge === "first" ? caret.top - box.top < half + 4 : box.bottom - caret.bottom < half + 4;
}

/** The caret's distance from the left of the window. */
export function caretLeft(): number {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return 0;
  return selection.getRangeAt(0).getClientRects()[0]?.left ?? 0;
}

/** Focuses the element with the caret in its first or last line, as near to `left` as can be. */
export function enterAt(element: HTMLElement, edge: "first" | "last", left: number): void {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
  const box = element.getBoundingClientRect();
  const lineHeight = Number.parseFloat(getComputedStyle(element).lineHeight) || box.height;
  const top = edge === "first" ? box.top + lineHeight / 2 : box.bottom - lineHeight / 2;
  const place = document.caretPositionFromPoint?.(
    Math.min(Math.max(left, box.left + 1), box.right - 1),
    top,
  );
  if (place && element.contains(place.offsetNode)) {
    document.getSelection()?.collapse(place.offsetNode, place.offset);
    return;
  }
  const end = element.textContent?.length ?? 0;
  selectRange(element, edge === "first" ? { start: 0, end: 0 } : { start: end, end });
}
