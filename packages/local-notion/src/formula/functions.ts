import { between, format, fromDay, fromTime, part, shift } from "./date-functions.ts";
import {
  isDate,
  isEmptyValue,
  isEqual,
  flatten,
  isTruthy,
  itemsOf,
  order,
  toNumber,
  toText,
  type Value,
} from "./values.ts";

type Run = (args: Value[], now: number) => Value;

const numeric =
  (run: (...numbers: number[]) => number): Run =>
  (args) => {
    const result = run(...args.map(toNumber));
    return Number.isFinite(result) ? result : null;
  };
/** Operators take an empty number for 0, as recorded answers of Notion show. */
const arithmetic = (run: (...numbers: number[]) => number): Run => {
  const compute = numeric(run);
  return (args, now) =>
    compute(
      args.map((value) => value ?? 0),
      now,
    );
};
const textual =
  (run: (text: string, ...rest: string[]) => Value): Run =>
  ([first = null, ...rest]) =>
    run(toText(first), ...rest.map(toText));
const compared =
  (test: (order: number) => boolean): Run =>
  ([a = null, b = null]) =>
    a !== null && b !== null && test(order(a, b));
const datePart =
  (name: string): Run =>
  ([value = null]) =>
    part(value, name);

function numbersIn(args: Value[]): number[] {
  return flatten(args)
    .map(toNumber)
    .filter((value) => !Number.isNaN(value));
}

const overNumbers =
  (run: (numbers: number[]) => number): Run =>
  (args) => {
    const numbers = numbersIn(args);
    return numbers.length === 0 ? null : run(numbers);
  };

function sum(numbers: number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return sum(middle) / middle.length;
}

/** Texts are joined, numbers added; what is empty counts as nothing in either. */
function add([a = null, b = null]: Value[]): Value {
  if (typeof a === "string" || typeof b === "string") return toText(a) + toText(b);
  return toNumber(a ?? 0) + toNumber(b ?? 0);
}

/** The functions of formulas, apart from the few that do not look at all their arguments. */
export const functions: Readonly<Record<string, Run>> = {
  add,
  subtract: arithmetic((a, b = 0) => a - b),
  multiply: arithmetic((a, b = 1) => a * b),
  divide: arithmetic((a, b = 1) => a / b),
  mod: arithmetic((a, b = 1) => a % b),
  pow: arithmetic((a, b = 1) => a ** b),
  unaryMinus: arithmetic((a) => -a),
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  round: numeric((value, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits),
  sqrt: numeric(Math.sqrt),
  cbrt: numeric(Math.cbrt),
  exp: numeric(Math.exp),
  ln: numeric(Math.log),
  log10: numeric(Math.log10),
  log2: numeric(Math.log2),
  sign: numeric(Math.sign),
  pi: () => Math.PI,
  e: () => Math.E,
  sum: overNumbers(sum),
  min: overNumbers((numbers) => Math.min(...numbers)),
  max: overNumbers((numbers) => Math.max(...numbers)),
  mean: overNumbers((numbers) => sum(numbers) / numbers.length),
  median: overNumbers(median),
  toNumber: numeric((value) => value),
  equal: ([a = null, b = null]) => isEqual(a, b),
  unequal: ([a = null, b = null]) => !isEqual(a, b),
  larger: compared((by) => by > 0),
  largerEq: compared((by) => by >= 0),
  smaller: compared((by) => by < 0),
  smallerEq: compared((by) => by <= 0),
  not: ([value = null]) => !isTruthy(value),
  empty: ([value = null]) => isEmptyValue(value),
  format: ([value = null]) => toText(value),
  length: ([value = null]) => (Array.isArray(value) ? value.length : toText(value).length),
  name: ([person = null]) => person,
  link: ([label = null]) => toText(label),
  style: ([text = null]) => toText(text),
  unstyle: ([text = null]) => toText(text),
  lower: textual((text) => text.toLowerCase()),
  upper: textual((text) => text.toUpperCase()),
  trim: textual((text) => text.trim()),
  contains: textual((text, part = "") => text.includes(part)),
  test: textual((text, pattern = "") => toPattern(pattern).test(text)),
  replace: textual((text, pattern = "", by = "") => text.replace(toPattern(pattern), by)),
  replaceAll: textual((text, pattern = "", by = "") =>
    text.replaceAll(toPattern(pattern, "g"), by),
  ),
  substring: ([text = null, from = 0, to = null]) =>
    toText(text).slice(toNumber(from), to === null ? undefined : toNumber(to)),
  repeat: ([text = null, times = 0]) =>
    toText(text).repeat(Math.min(10_000, Math.max(0, toNumber(times)))),
  padStart: ([text = null, size = 0, by = " "]) =>
    toText(text).padStart(Math.min(10_000, toNumber(size)), toText(by)),
  padEnd: ([text = null, size = 0, by = " "]) =>
    toText(text).padEnd(Math.min(10_000, toNumber(size)), toText(by)),
  match: textual((text, pattern = "") => [...text.matchAll(toPattern(pattern, "g"))].map(String)),
  list: (args) => args,
  concat: (args) => (args.some(Array.isArray) ? args.flatMap(itemsOf) : args.map(toText).join("")),
  join: ([list = null, by = ""]) => itemsOf(list).map(toText).join(toText(by)),
  split: textual((text, by = ",") => text.split(by)),
  at: ([list = null, index = 0]) => itemsOf(list).at(toNumber(index)) ?? null,
  first: ([list = null]) => itemsOf(list)[0] ?? null,
  last: ([list = null]) => itemsOf(list).at(-1) ?? null,
  slice: ([list = null, from = 0, to = null]) => {
    const end = to === null ? undefined : toNumber(to);
    const whole = typeof list === "string" ? list : itemsOf(list);
    return whole.slice(toNumber(from), end);
  },
  includes: ([list = null, wanted = null]) =>
    typeof list === "string"
      ? list.includes(toText(wanted))
      : itemsOf(list).some((one) => isEqual(one, wanted)),
  unique: ([list = null]) =>
    itemsOf(list).filter(
      (one, index, all) => all.findIndex((other) => isEqual(one, other)) === index,
    ),
  flat: ([list = null]) => flatten(itemsOf(list)),
  reverse: ([list = null]) => itemsOf(list).toReversed(),
  now: (_, now) => fromTime(Math.floor(now / 60_000) * 60_000),
  today: (_, now) => fromDay(now),
  minute: datePart("minute"),
  hour: datePart("hour"),
  day: datePart("day"),
  date: datePart("date"),
  week: datePart("week"),
  month: datePart("month"),
  year: datePart("year"),
  timestamp: datePart("timestamp"),
  fromTimestamp: ([time = null]) => fromTime(toNumber(time)),
  parseDate: ([text = null]) => parseDate(toText(text)),
  dateAdd: ([date = null, amount = 0, unit = ""]) => shift(date, toNumber(amount), toText(unit)),
  dateSubtract: ([date = null, amount = 0, unit = ""]) =>
    shift(date, -toNumber(amount), toText(unit)),
  dateBetween: ([a = null, b = null, unit = ""]) => between(a, b, toText(unit)),
  dateStart: ([date = null]) => (isDate(date) ? { ...date, end: null } : null),
  dateEnd: ([date = null]) =>
    isDate(date) ? { start: date.end ?? date.start, end: null, time_zone: null } : null,
  dateRange: ([from = null, to = null]) =>
    isDate(from) && isDate(to) ? { ...from, end: to.start } : null,
  formatDate: ([date = null, pattern = ""]) => format(date, pattern),
};

function parseDate(text: string): Value {
  if (Number.isNaN(Date.parse(text))) return null;
  return { start: text, end: null, time_zone: null };
}

/** A pattern that is no regular expression stands for itself. */
function toPattern(text: string, flags = ""): RegExp {
  try {
    return new RegExp(text, flags);
  } catch {
    return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags);
  }
}
