import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A library that functions may use. Only this list can be loaded. */
export interface FunctionLibrary {
  /** Name of the npm package, and in `libraries`, `require` and `import`. */
  name: string;
  /** Other names of it: what Paragon calls it, and what is common. */
  aliases: readonly string[];
  /** A build that is one CommonJS or browser script, then its plugins. */
  files: () => readonly string[];
  /** What a browser script leaves the library in; a CommonJS script leaves it in `module.exports`. */
  variable?: string;
}

const beside = (file: string, entry: string) => new URL(file, entry).href;

const dayjsPlugins = [
  "advancedFormat",
  "customParseFormat",
  "duration",
  "isBetween",
  "isoWeek",
  "localizedFormat",
  "quarterOfYear",
  "relativeTime",
  "timezone",
  "utc",
  "weekOfYear",
];

export const functionLibraries: readonly FunctionLibrary[] = [
  {
    name: "lodash",
    aliases: ["_"],
    files: () => [import.meta.resolve("lodash/lodash.min.js")],
  },
  {
    name: "dayjs",
    aliases: [],
    files: () => {
      const main = import.meta.resolve("dayjs/dayjs.min.js");
      return [main, ...dayjsPlugins.map((plugin) => beside(`plugin/${plugin}.js`, main))];
    },
  },
  {
    name: "luxon",
    aliases: [],
    files: () => [beside("../global/luxon.min.js", import.meta.resolve("luxon"))],
    variable: "luxon",
  },
  {
    name: "date-fns",
    aliases: ["dateFns"],
    files: () => [beside("cdn.min.js", import.meta.resolve("date-fns"))],
    variable: "window.dateFns",
  },
  {
    name: "ramda",
    aliases: ["R"],
    files: () => [import.meta.resolve("ramda/dist/ramda.min")],
  },
  { name: "qs", aliases: [], files: () => [import.meta.resolve("qs/dist/qs.js")] },
  {
    name: "papaparse",
    aliases: ["Papa"],
    files: () => [import.meta.resolve("papaparse/papaparse.min.js")],
  },
  {
    name: "fast-xml-parser",
    aliases: ["fastXmlParser"],
    files: () => [beside("../lib/fxp.cjs", import.meta.resolve("fast-xml-parser"))],
  },
  {
    name: "marked",
    aliases: [],
    files: () => [beside("marked.umd.js", import.meta.resolve("marked"))],
  },
  {
    name: "mustache",
    aliases: ["Mustache"],
    files: () => [import.meta.resolve("mustache/mustache.min.js")],
  },
  {
    name: "big.js",
    aliases: ["Big", "big"],
    files: () => [beside("big.js", import.meta.resolve("big.js"))],
  },
];

/** The modules of the sandbox's own that can be required too. */
export const builtInModules = ["crypto", "uuid", "jsonwebtoken", "url", "buffer"] as const;

/** Names of what functions ask for most and cannot have, with what does it instead. */
const instead: Readonly<Record<string, string>> = {
  moment: "dayjs and luxon do the same",
  "moment-timezone": "dayjs and luxon do the same",
  fetch: "functions have no network; use a Request or Integration Request step",
  axios: "functions have no network; use a Request or Integration Request step",
  "node-fetch": "functions have no network; use a Request or Integration Request step",
  underscore: "lodash does the same",
  "lodash/fp": "ramda does the same",
};

const byName = new Map(
  functionLibraries.flatMap((library) =>
    [library.name, ...library.aliases].map((name) => [name, library] as const),
  ),
);
const sources = new Map<string, string[]>();

/** All names of all libraries. */
export function libraryIds(): string[] {
  return [...byName.keys()];
}

/** A library's name by any of its names. Throws an error for people where there is none. */
export function libraryName(id: string): string {
  const library = byName.get(id);
  if (library !== undefined) return library.name;
  const reason = Object.hasOwn(instead, id) ? `: ${instead[id]}` : "";
  const names = [...functionLibraries.map(({ name }) => name), ...builtInModules].join(", ");
  throw new Error(`"${id}" is not available in functions${reason}. There are: ${names}.`);
}

function readScripts(name: string): string[] {
  const library = byName.get(libraryName(name));
  const ending = library?.variable === undefined ? "" : `\nmodule.exports = ${library.variable};`;
  const files = library?.files() ?? [];
  return files.map((file) => `${readFileSync(fileURLToPath(file), "utf8")}${ending}`);
}

/** The scripts of a library: read once in each thread. */
export function librarySource(name: string): { name: string; scripts: string[] } {
  const scripts = sources.get(name) ?? readScripts(name);
  sources.set(name, scripts);
  return { name, scripts };
}

/** Libraries that code seems to use: names that stand in it as words. */
export function librariesIn(code: string): string[] {
  const named = functionLibraries.filter(({ name, aliases }) =>
    [name, ...aliases.filter((alias) => alias.length > 3)].some((id) => code.includes(id)),
  );
  return named.map(({ name }) => name).toSorted();
}
