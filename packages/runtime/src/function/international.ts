import * as z from "zod";

const Kind = z.enum([
  "DateTimeFormat",
  "NumberFormat",
  "PluralRules",
  "RelativeTimeFormat",
  "ListFormat",
  "Collator",
  "DisplayNames",
]);
const Locales = z.union([z.string().max(100), z.array(z.string().max(100)).max(20)]).optional();
const Call = z.tuple([
  Kind,
  z.object({
    locales: Locales,
    options: z
      .record(z.string(), z.union([z.string().max(200), z.number(), z.boolean()]))
      .optional(),
  }),
  z.string(),
  z.array(z.unknown()).max(3),
]);

const methods: ReadonlySet<string> = new Set([
  "format",
  "formatToParts",
  "select",
  "compare",
  "of",
  "resolvedOptions",
]);

/** The same everywhere: neither the server's language nor its time zone shows. */
const defaultLocale = "en-US";
const defaultTimeZone = "UTC";

const cached = new Map<string, object>();
const maxCached = 200;

function make(kind: z.output<typeof Kind>, locales: z.output<typeof Locales>, options: object) {
  const all = kind === "DateTimeFormat" ? { timeZone: defaultTimeZone, ...options } : options;
  // Border: the constructors check locales and options themselves and throw RangeError or TypeError.
  const Format = Intl[kind] as new (locales: unknown, options: unknown) => object;
  return new Format(locales ?? defaultLocale, all);
}

/** Making a formatter is slow, so that those of late are kept. They hold no state of their own. */
function formatter(...[kind, locales, options]: Parameters<typeof make>): object {
  const key = JSON.stringify([kind, locales, options]);
  const known = cached.get(key) ?? make(kind, locales, options);
  cached.delete(key);
  cached.set(key, known);
  const [oldest] = cached.keys();
  if (cached.size > maxCached && oldest !== undefined) cached.delete(oldest);
  return known;
}

/** Calls a method of one of the host's Intl classes. */
export function formatInternational(input: unknown): unknown {
  const [kind, { locales, options = {} }, method, values] = Call.parse(input);
  const target = formatter(kind, locales, options);
  const call: unknown = methods.has(method) ? Reflect.get(target, method) : undefined;
  if (typeof call !== "function") throw new TypeError(`${kind} has no ${method}`);
  // Numbers travel as text where they may be too large for JSON.
  const given = kind === "NumberFormat" ? values.map(numberOf) : values;
  return call.apply(target, given);
}

function numberOf(value: unknown): unknown {
  if (typeof value !== "string") return value ?? Number.NaN;
  // Longer ones would take the host long, and nothing can stop it in that.
  return /^-?\d{16,400}$/.test(value) ? BigInt(value) : Number(value);
}

export function supportedLocales(input: unknown): string[] {
  const [kind, locales] = z.tuple([Kind, Locales]).parse(input);
  const Format: { supportedLocalesOf(locales: string | string[]): string[] } = Intl[kind];
  return Format.supportedLocalesOf(locales ?? []);
}
