import { enterAt, selectRange } from "./caret.ts";

export type CaretTarget = number | "start" | "end";

/**
 * The editable texts of one page, by key. A text that is to be focused before it is on the page
 * (a new block's) gets the focus as soon as it is there.
 */
export class Fields {
  readonly #elements = new Map<string, HTMLElement>();
  #wanted: { key: string; target: CaretTarget } | undefined;

  add(key: string, element: HTMLElement): () => void {
    this.#elements.set(key, element);
    if (this.#wanted?.key === key) this.focus(key, this.#wanted.target);
    return () => this.#elements.delete(key);
  }

  focus(key: string, target: CaretTarget): void {
    const element = this.#elements.get(key);
    this.#wanted = element ? undefined : { key, target };
    if (!element) return;
    const length = element.textContent?.length ?? 0;
    const offset = target === "start" ? 0 : target === "end" ? length : Math.min(target, length);
    selectRange(element, { start: offset, end: offset });
  }

  /** The key of the text before or after this one, as they stand on the page. */
  neighbour(key: string, step: -1 | 1): string | undefined {
    const inOrder = [...this.#elements].toSorted(([, one], [, other]) =>
      one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    );
    return inOrder[inOrder.findIndex(([own]) => own === key) + step]?.[0];
  }

  /** Moves the caret up or down into the text that is there; says whether there was one. */
  cross(key: string, step: -1 | 1, left: number): boolean {
    const from = this.#elements.get(key)?.getBoundingClientRect();
    if (!from) return false;
    let nearest: { element: HTMLElement; distance: number } | undefined;
    for (const element of this.#elements.values()) {
      const distance = distanceTo(element.getBoundingClientRect(), from, { step, left });
      if (distance < (nearest?.distance ?? Infinity)) nearest = { element, distance };
    }
    if (!nearest) return false;
    enterAt(nearest.element, step === 1 ? "first" : "last", left);
    return true;
  }
}

/** Lines of neighbouring texts may overlap by so much. */
const overlapPx = 4;

/** How far a text below or above is; one beside the caret's way counts as further off. */
function distanceTo(to: DOMRect, from: DOMRect, { step, left }: { step: -1 | 1; left: number }) {
  const gap = step === 1 ? to.top - from.bottom : from.top - to.bottom;
  if (gap < -overlapPx) return Infinity;
  const aside = Math.max(to.left - left, left - to.right, 0);
  return gap + 2 * aside;
}
