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

  /** Moves the caret over the edge of one text into the next; says whether there was one. */
  cross(key: string, step: -1 | 1, left: number): boolean {
    const next = this.neighbour(key, step);
    const element = next === undefined ? undefined : this.#elements.get(next);
    if (!element) return false;
    enterAt(element, step === 1 ? "first" : "last", left);
    return true;
  }
}
