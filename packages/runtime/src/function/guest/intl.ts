import { defineGlobal } from "./define-global.ts";
import { askJson } from "./host.ts";

/** QuickJS has no Intl; these classes ask the host's. Locale and options go there as JSON. */
const methods = {
  DateTimeFormat: ["format", "formatToParts"],
  NumberFormat: ["format", "formatToParts"],
  PluralRules: ["select"],
  RelativeTimeFormat: ["format", "formatToParts"],
  ListFormat: ["format", "formatToParts"],
  Collator: ["compare"],
  DisplayNames: ["of"],
} as const;
type Kind = keyof typeof methods;

function argument(kind: Kind, value: unknown): unknown {
  if (kind === "DateTimeFormat") return value === undefined ? Date.now() : Number(value);
  if (kind === "NumberFormat") return typeof value === "bigint" ? String(value) : Number(value);
  return value;
}

function classOf(kind: Kind): unknown {
  const call = (made: object, method: string, values: readonly unknown[]): unknown =>
    askJson("intl", [kind, made, method, values.map((value) => argument(kind, value))]);
  // A function, as `Intl.DateTimeFormat()` works without `new`.
  const Format = function (locales?: unknown, options?: unknown) {
    const made = { locales, options };
    const instance = Object.create(Format.prototype);
    // Wrong locales and options are told here, as the language has it.
    const resolved = Object(call(made, "resolvedOptions", []));
    instance.resolvedOptions = () => ({ ...resolved });
    for (const method of methods[kind]) {
      instance[method] = (...values: unknown[]) => call(made, method, values);
    }
    for (const name of Object.keys(instance)) {
      Object.defineProperty(instance, name, { enumerable: false });
    }
    return instance;
  };
  Format.supportedLocalesOf = (locales: unknown) => askJson("locales", [kind, locales]);
  return Format;
}

const kinds = Object.keys(methods) as Kind[];
defineGlobal("Intl", Object.fromEntries(kinds.map((kind) => [kind, classOf(kind)])));

type Options = Record<string, unknown>;
const day: Options = { year: "numeric", month: "numeric", day: "numeric" };
const time: Options = { hour: "numeric", minute: "numeric", second: "numeric" };
const chosen = [
  "weekday",
  "year",
  "month",
  "day",
  "hour",
  "minute",
  "second",
  "dateStyle",
  "timeStyle",
  "dayPeriod",
  "fractionalSecondDigits",
];

function dateText(defaults: Options) {
  return function (this: Date, locales?: unknown, options: Options = {}): string {
    if (Number.isNaN(this.getTime())) return "Invalid Date";
    const all = chosen.some((name) => options[name] !== undefined)
      ? options
      : { ...defaults, ...options };
    return askJson("intl", ["DateTimeFormat", { locales, options: all }, "format", [Number(this)]]);
  };
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

define(Date.prototype, "toLocaleString", dateText({ ...day, ...time }));
define(Date.prototype, "toLocaleDateString", dateText(day));
define(Date.prototype, "toLocaleTimeString", dateText(time));
define(
  Number.prototype,
  "toLocaleString",
  function (this: number, locales?: unknown, options?: unknown) {
    return askJson("intl", ["NumberFormat", { locales, options }, "format", [String(this)]]);
  },
);
define(
  String.prototype,
  "localeCompare",
  function (this: string, that: unknown, locales?: unknown, options?: unknown) {
    return askJson("intl", ["Collator", { locales, options }, "compare", [this, that].map(String)]);
  },
);
