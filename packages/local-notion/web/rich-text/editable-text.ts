import type { RichText } from "../api/objects.ts";
import { appearance, mentionHref } from "./appearance.ts";
import { safeHref } from "../state/router.ts";
import { joinRuns, plainText, textRun } from "./runs.ts";

/**
 * Writes the runs into an editable element: one child element a run, marked with its place in
 * `runs`, so that {@link readRuns} knows what each piece of the edited text looked like.
 */
export function writeRuns(element: HTMLElement, runs: readonly RichText[]): void {
  element.replaceChildren(...runs.map(toElement));
  // A line break at the very end shows only with one more behind it, as browsers put it themselves.
  if (plainText(runs).endsWith("\n")) element.append("\n");
}

function toElement(run: RichText, index: number): HTMLElement {
  const href = safeHref(run.type === "mention" ? mentionHref(run) : run.href);
  const element = document.createElement(href === null ? "span" : "a");
  element.dataset["run"] = String(index);
  element.className = appearance(run);
  element.textContent = run.plain_text;
  if (element instanceof HTMLAnchorElement && href !== null) {
    element.href = href;
    element.rel = "noopener noreferrer";
  }
  if (run.type !== "text") element.contentEditable = "false";
  return element;
}

/** The edited text. Typed text looks like what it was typed into; pasted text is plain. */
export function readRuns(element: HTMLElement, written: readonly RichText[]): RichText[] {
  const read: RichText[] = [];
  const walk = (node: Node, run: RichText | undefined) => {
    if (node instanceof Text) {
      read.push(textRun(node.data, run));
    } else if (node instanceof HTMLElement) {
      const own = written[Number(node.dataset["run"] ?? Number.NaN)] ?? run;
      if (own && own.type !== "text") read.push(own);
      else for (const child of node.childNodes) walk(child, own);
    }
  };
  for (const child of element.childNodes) walk(child, undefined);
  return dropLastBreak(joinRuns(read));
}

/** Browsers keep one line break more at the end than is seen. */
function dropLastBreak(runs: RichText[]): RichText[] {
  const last = runs.at(-1);
  if (last?.type !== "text" || !last.text.content.endsWith("\n")) return runs;
  return joinRuns(runs.slice(0, -1), [textRun(last.text.content.slice(0, -1), last)]);
}

/** Whether the browser has put elements of its own between ours. */
export function hasForeignElements(element: HTMLElement): boolean {
  return element.querySelector(":not([data-run], br)") !== null;
}
