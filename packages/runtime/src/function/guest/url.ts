import { defineGlobal } from "./define-global.ts";
import { askJson, askText } from "./host.ts";
import { type UrlParts, urlParts } from "./url-parts.ts";

type Pair = [string, string];

function parseQuery(query: unknown): Pair[] {
  return askJson("parseQuery", [String(query)]);
}

function pairsOf(source: unknown): Pair[] {
  if (source === undefined || source === null) return [];
  if (typeof source !== "object") return parseQuery(source);
  if (Symbol.iterator in source) {
    return Array.from(source as Iterable<[unknown, unknown]>, ([name, value]) => [
      String(name),
      String(value),
    ]);
  }
  return Object.entries(source).map(([name, value]) => [name, String(value)]);
}

class GuestURLSearchParams {
  #pairs: Pair[];
  readonly #changed: (query: string) => void;

  constructor(source?: unknown, changed: (query: string) => void = () => {}) {
    this.#pairs = pairsOf(source);
    this.#changed = changed;
  }

  get size(): number {
    return this.#pairs.length;
  }

  #replace(pairs: Pair[]): void {
    this.#pairs = pairs;
    this.#changed(this.toString());
  }

  append(name: unknown, value: unknown): void {
    this.#replace([...this.#pairs, [String(name), String(value)]]);
  }

  delete(name: unknown): void {
    this.#replace(this.#pairs.filter(([key]) => key !== String(name)));
  }

  get(name: unknown): string | null {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }

  getAll(name: unknown): string[] {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }

  has(name: unknown): boolean {
    return this.#pairs.some(([key]) => key === String(name));
  }

  /** Keeps the place of the first of that name. */
  set(name: unknown, value: unknown): void {
    const key = String(name);
    const pair: Pair = [key, String(value)];
    const at = this.#pairs.findIndex(([other]) => other === key);
    if (at < 0) return this.#replace([...this.#pairs, pair]);
    const others = this.#pairs.slice(at + 1).filter(([other]) => other !== key);
    this.#replace([...this.#pairs.slice(0, at), pair, ...others]);
  }

  sort(): void {
    this.#replace(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
  }

  forEach(callback: (value: string, name: string, all: GuestURLSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }

  *entries(): Generator<Pair> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }

  *keys(): Generator<string> {
    for (const [name] of this.#pairs) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this.#pairs) yield value;
  }

  [Symbol.iterator](): Generator<Pair> {
    return this.entries();
  }

  toString(): string {
    return askText("formatQuery", [this.#pairs]);
  }
}

/** The host parses (WHATWG URL); this holds the parts. Their accessors are defined below. */
class GuestURL {
  #parts: UrlParts;
  #query: GuestURLSearchParams | undefined;

  constructor(input: unknown, base?: unknown) {
    const given = base === undefined ? [input] : [input, base];
    this.#parts = askJson("parseUrl", given.map(String));
  }

  static canParse(input: unknown, base?: unknown): boolean {
    return GuestURL.parse(input, base) !== null;
  }

  static parse(input: unknown, base?: unknown): GuestURL | null {
    try {
      return new GuestURL(input, base);
    } catch {
      return null;
    }
  }

  static part(url: GuestURL, name: keyof UrlParts): string {
    return url.#parts[name];
  }

  static change(url: GuestURL, name: keyof UrlParts, value: unknown): void {
    url.#parts = askJson("changeUrl", [url.#parts.href, name, String(value)]);
    if (name === "href" || name === "search") url.#query = undefined;
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get searchParams(): GuestURLSearchParams {
    this.#query ??= new GuestURLSearchParams(this.#parts.search, (search) => {
      this.#parts = askJson("changeUrl", [this.#parts.href, "search", search]);
    });
    return this.#query;
  }

  toString(): string {
    return this.#parts.href;
  }

  toJSON(): string {
    return this.#parts.href;
  }
}

const { part, change } = GuestURL;
for (const name of urlParts) {
  Object.defineProperty(GuestURL.prototype, name, {
    get(this: GuestURL) {
      return part(this, name);
    },
    set(this: GuestURL, value: unknown) {
      change(this, name, value);
    },
    enumerable: true,
    configurable: true,
  });
}
Reflect.deleteProperty(GuestURL, "part");
Reflect.deleteProperty(GuestURL, "change");

Object.defineProperty(GuestURL, "name", { value: "URL" });
Object.defineProperty(GuestURLSearchParams, "name", { value: "URLSearchParams" });
defineGlobal("URL", GuestURL);
defineGlobal("URLSearchParams", GuestURLSearchParams);

export const url = { URL: GuestURL, URLSearchParams: GuestURLSearchParams };
