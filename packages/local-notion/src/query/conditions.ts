import type { PlainValue } from "../properties/plain.ts";
import { isEmpty, toText } from "../properties/plain.ts";
import { matchesDate } from "./date-conditions.ts";

/** What conditions need to know beside the value. */
export interface ConditionContext {
  now: number;
  /** The person that "me" stands for. */
  me: string;
}

type Condition = Record<string, unknown>;

/** Whether a value meets a condition that looks at it as `key`. */
export function matches(
  value: PlainValue,
  key: string,
  { condition, context }: { condition: Condition; context: ConditionContext },
): boolean {
  const [name, wanted] = Object.entries(condition)[0] ?? ["", undefined];
  if (key === "formula") return matchesFormula(value, { condition, context });
  if (key === "rollup") return matchesRollup(value, { condition, context });
  if (key === "checkbox") {
    const checked = value.kind === "checkbox" && value.checked;
    return name === "equals" ? checked === wanted : checked !== wanted;
  }
  if (name === "is_empty") return isEmpty(value);
  if (name === "is_not_empty") return !isEmpty(value);
  switch (value.kind) {
    case "text":
      return key === "verification"
        ? matchesVerification(value.text, name, wanted)
        : matchesText(value.text, name, wanted as string);
    case "number":
      return matchesNumber(value.number, name, wanted as number);
    case "date":
      return matchesDate(value.date, { name, wanted, now: context.now });
    case "items":
      return matchesItems(
        value.items,
        name,
        [wanted].flat().map((one) => toId(one, context)),
      );
    case "list":
    case "checkbox":
      return matchesText(toText(value), name, String(wanted));
  }
}

function toId(wanted: unknown, context: ConditionContext): string {
  return wanted === "me" ? context.me : String(wanted);
}

function matchesText(text: string, name: string, wanted: string): boolean {
  const [have, want] = [text.toLowerCase(), wanted.toLowerCase()];
  switch (name) {
    case "equals":
      return have === want;
    case "does_not_equal":
      return have !== want;
    case "contains":
      return have.includes(want);
    case "does_not_contain":
      return !have.includes(want);
    case "starts_with":
      return have.startsWith(want);
    case "ends_with":
      return have.endsWith(want);
    default:
      return false;
  }
}

/** Nothing is unequal to any number, and neither above nor below one. */
function matchesNumber(have: number | null, name: string, want: number): boolean {
  if (have === null) return name === "does_not_equal";
  switch (name) {
    case "equals":
      return have === want;
    case "does_not_equal":
      return have !== want;
    case "greater_than":
      return have > want;
    case "less_than":
      return have < want;
    case "greater_than_or_equal_to":
      return have >= want;
    case "less_than_or_equal_to":
      return have <= want;
    default:
      return false;
  }
}

/** Options, people and pages, each by id or, for options, by name. */
function matchesItems(
  items: readonly { id: string; name: string }[],
  name: string,
  wanted: readonly string[],
): boolean {
  const bare = new Set(wanted.map((one) => one.replaceAll("-", "").toLowerCase()));
  const has = items.some(
    (item) => wanted.includes(item.name) || bare.has(item.id.replaceAll("-", "").toLowerCase()),
  );
  return name === "equals" || name === "contains" ? has : !has;
}

function matchesVerification(state: string, name: string, wanted: unknown): boolean {
  const status = state === "verified" ? "verified" : "none";
  return name === "status" ? status === wanted : status !== wanted;
}

/** A formula is looked at as what it comes to; one of another type meets nothing. */
function matchesFormula(
  value: PlainValue,
  { condition, context }: { condition: Condition; context: ConditionContext },
): boolean {
  const [key, inner] = Object.entries(condition)[0] ?? ["", {}];
  const kinds: Record<string, PlainValue["kind"]> = {
    string: "text",
    number: "number",
    checkbox: "checkbox",
    date: "date",
  };
  if (kinds[key] !== value.kind) return false;
  return matches(value, key === "string" ? "rich_text" : key, {
    condition: inner as Condition,
    context,
  });
}

function matchesRollup(
  value: PlainValue,
  { condition, context }: { condition: Condition; context: ConditionContext },
): boolean {
  const [name, inner] = Object.entries(condition)[0] ?? ["", {}];
  if (name === "number" || name === "date") {
    if (value.kind !== name) return false;
    return matches(value, name, { condition: inner as Condition, context });
  }
  const [key, wanted] = Object.entries(inner as Condition)[0] ?? ["", {}];
  const values = value.kind === "list" ? value.values : [value];
  const meets = (one: PlainValue): boolean =>
    matches(one, key, { condition: wanted as Condition, context });
  switch (name) {
    case "any":
      return values.some(meets);
    case "every":
      return values.every(meets);
    default:
      return !values.some(meets);
  }
}
