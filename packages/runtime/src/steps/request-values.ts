import * as z from "zod";
import { StepFailure } from "../step-failure.ts";

/** Names with values as they are once resolved; what resolved to nothing has no value. */
export const ResolvedValues = z
  .array(z.object({ name: z.string(), value: z.unknown().optional() }))
  .default([]);
export type ResolvedValues = z.output<typeof ResolvedValues>;

/** A value as the text it is in a query, a header or a form; undefined where there is none. */
export function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Query parameters of named values: a list repeats its name, null and undefined are left out. */
export function toQuery(values: ResolvedValues): [name: string, value: string][] {
  return values.flatMap(({ name, value }) =>
    (Array.isArray(value) ? value : [value])
      .map(asText)
      .filter((text) => text !== undefined)
      .map((text): [string, string] => [name, text]),
  );
}

/** Parses what a step's fields resolved to; says which field is wrong and what it got. */
export function parseResolved<S extends z.ZodType>(
  schema: S,
  input: Record<string, unknown>,
): z.output<S> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(describeIssue);
  throw new StepFailure("invalid_input", issues.join(" "), { details: { issues } });
}

/** `parent: expected string, got 5.` */
export function describeIssue({ path, message, input }: z.core.$ZodIssue): string {
  const where = path.length === 0 ? "The input" : path.map(String).join(".");
  const got = input === undefined ? "nothing" : cutText(JSON.stringify(input) ?? typeof input, 100);
  return `${where}: ${message.replace(/\.$/, "")}, got ${got}.`;
}

export function cutText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
