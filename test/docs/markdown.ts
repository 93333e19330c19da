import { glob, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

export interface Page {
  /** From the repository's root, such as `docs/workflows.md`. */
  path: string;
  text: string;
}

/** README.md and every page of docs. */
export async function readPages(): Promise<Page[]> {
  const paths = ["README.md"];
  for await (const path of glob("docs/**/*.md", { cwd: root })) paths.push(path);
  return Promise.all(paths.sort().map(readPage));
}

export async function readPage(path: string): Promise<Page> {
  return { path, text: await readFile(join(root, path), "utf8") };
}

/** Blocks of code in a language, in order, without those after a comment that says so. */
export function codeBlocks(text: string, language: string): string[] {
  const block = new RegExp(
    `(<!-- guide: not run -->\\s*)?^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``,
    "gm",
  );
  return [...text.matchAll(block)]
    .filter(([, skipped]) => skipped === undefined)
    .map(([, , code = ""]) => code);
}

/** Text without its blocks of code. */
export function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "");
}

/** The anchors of a page's headings, as they are made of them. */
export function anchorsOf(text: string): Set<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)];
  return new Set(headings.map(([, heading = ""]) => anchorOf(heading)));
}

/** The anchor that a heading gets. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}
