import { AppError } from "@tenon/connector";
import type { PropertySchema } from "./property-schema.ts";

const longestShown = 100;

/** The error of a value that a property does not take: its name, type, the value, what to write. */
export function propertyFault(
  { name, type }: Pick<PropertySchema, "name" | "type">,
  value: unknown,
  advice: string,
): AppError<"invalid_input"> {
  return new AppError(
    "invalid_input",
    400,
    `Property "${name}" (${type}) does not take ${showValue(value)}: ${advice}`,
    { details: { property: name, type } },
  );
}

/** A value as an error shows it, cut where it is long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
