import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

const folder = new URL("guest/", import.meta.url);

/** The sandbox's own modules are called `tenon:<file>` in it. */
export const guestMain = "tenon:main.ts";

/** Is this one of the sandbox's own modules, or a name that only they may import? */
export function isGuestName(name: string): boolean {
  return name.startsWith("tenon:");
}

/** The name of what a module of the sandbox imports as `./<file>`. */
export function guestName(imported: string): string {
  return `tenon:${imported.replace(/^\.\//, "")}`;
}

const sources = new Map<string, string>();

/** JavaScript of one of the sandbox's own modules: read once in each thread. */
export function guestSource(name: string): string {
  const file = name.slice("tenon:".length);
  if (!/^[a-z-]+\.ts$/.test(file)) throw new Error(`"${name}" is no module of the sandbox`);
  const source =
    sources.get(name) ?? stripTypeScriptTypes(readFileSync(new URL(file, folder), "utf8"));
  sources.set(name, source);
  return source;
}
