import { Buffer } from "./buffer.ts";
import { crypto } from "./crypto.ts";
import { defineGlobal } from "./define-global.ts";
import { askJson } from "./host.ts";
import { jsonwebtoken } from "./jsonwebtoken.ts";
import { url } from "./url.ts";
import { uuid } from "./uuid.ts";

interface LibrarySource {
  name: string;
  /** The library itself, then its plugins: CommonJS scripts. */
  scripts: string[];
}

const builtIn: Record<string, unknown> = {
  crypto,
  uuid,
  jsonwebtoken,
  url,
  buffer: { Buffer },
  Buffer,
};
const loaded = new Map<string, unknown>(Object.entries(builtIn));
const Script = Function;

/** Scripts that greet on the console when they are loaded do not do so in the user's. */
const silent = { log: () => {}, warn: () => {}, error: () => {} };

function runScript(script: string): unknown {
  const module = { exports: {} };
  Script("module", "exports", "window", "console", script)(module, module.exports, {}, silent);
  return module.exports;
}

function load({ name, scripts }: LibrarySource): unknown {
  const [library, ...plugins] = scripts.map(runScript);
  const withPlugins = Object(library);
  for (const plugin of plugins) withPlugins.extend(plugin);
  loaded.set(name, library);
  return library;
}

/** A library by any of its names; loads it where this run has not. */
export function requireLibrary(given: unknown): unknown {
  const id = String(given).replace(/^node:/, "");
  // Its plugins are there from the start, so that extending dayjs with one once more does nothing.
  if (/^dayjs\/plugin\/\w+(\.js)?$/.test(id)) return () => {};
  if (loaded.has(id)) return loaded.get(id);
  const name: string = askJson("libraryName", [id]);
  return loaded.has(name) ? loaded.get(name) : load(askJson("librarySource", [name]));
}

/** Names that `import { … }` may take of a library. */
export function exportNames(id: string): string {
  const library = Object(requireLibrary(id));
  const names = Object.keys(library).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
  return JSON.stringify(names.filter((key) => key !== "default"));
}

/** What functions get as their second argument: each library is loaded when it is first touched. */
export function makeLibraries(): object {
  const libraries = {};
  for (const id of [...Object.keys(builtIn), ...askJson<string[]>("libraryIds", [])]) {
    const get = () => requireLibrary(id);
    Object.defineProperty(libraries, id, { get, enumerable: true, configurable: true });
  }
  return libraries;
}

defineGlobal("require", requireLibrary);
