import { isEmpty, toText, type PlainValue } from "../properties/plain.ts";
import type { PropertySchema } from "../store/records.ts";

/** What a value is sorted by; undefined for none. */
export type Key = string | number | undefined;
export type Direction = "ascending" | "descending";
type Rank = (optionId: string) => number | undefined;

/** Options sort in the order of their column. */
export function rankOf(column: PropertySchema): Rank {
  const options = (column.config["options"] ?? []) as { id: string }[];
  const ranks = new Map(options.map(({ id }, index) => [id, index]));
  return (optionId) => ranks.get(optionId);
}

export function toKey(value: PlainValue, rank: Rank): Key {
  if (value.kind !== "checkbox" && isEmpty(value)) return undefined;
  if (value.kind === "number") return value.number ?? undefined;
  if (value.kind === "date") return Date.parse(value.date?.start ?? "");
  const [first] = value.kind === "items" ? value.items : [];
  return (first && rank(first.id)) ?? toText(value).toLowerCase();
}

const collator = new Intl.Collator("en");

/** Without a value comes last, whatever the direction; numbers come before texts. */
export function compareKeys(a: Key, b: Key, direction: Direction): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  const order =
    typeof a === "number" && typeof b === "number" ? a - b : collator.compare(`${a}`, `${b}`);
  return direction === "ascending" ? order : -order;
}
