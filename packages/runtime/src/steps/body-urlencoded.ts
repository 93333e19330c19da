import { asText } from "./request-values.ts";
import { StepFailure } from "../step-failure.ts";

const maxDepth = 20;

/**
 * Fields as `application/x-www-form-urlencoded`, nested ones in brackets, as qs and PHP write them:
 * `a[b]=c`, `list[0]=x`. Undefined is left out, null is empty.
 */
export function encodeFields(fields: Record<string, unknown>): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(fields)) flatten(name, value, pairs);
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

function flatten(name: string, value: unknown, pairs: [string, string][], depth = 0): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null) {
    pairs.push([name, asText(value) ?? ""]);
    return;
  }
  if (depth === maxDepth) {
    throw new StepFailure(
      "invalid_input",
      `A field of the body is nested ${maxDepth} levels deep.`,
    );
  }
  for (const [key, item] of Object.entries(value)) {
    flatten(`${name}[${key}]`, item, pairs, depth + 1);
  }
}

/** A lone half of a surrogate pair has no UTF-8; it becomes the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
