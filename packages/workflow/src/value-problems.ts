import type { Condition } from "./condition.ts";
import { takesArgument } from "./operators.ts";
import type { Finding } from "./problem.ts";
import { isAlwaysText } from "./template.ts";

/** Comparisons that lack what they compare with. */
export function conditionFindings(condition: Condition, field: string): Finding[] {
  if ("join" in condition) {
    return condition.conditions.flatMap((inner, index) =>
      conditionFindings(inner, `${field}/conditions/${index}`),
    );
  }
  if (!takesArgument(condition.operator) || condition.argument !== undefined) return [];
  const text = `compares with nothing (${condition.operator}). Give it a value to compare with.`;
  return [{ code: "missing_argument", field: `${field}/argument`, text }];
}

/** A place for a list that holds something else whatever the run. */
export function listFindings(value: unknown, field: string): Finding[] {
  const isOther = typeof value === "string" ? isAlwaysText(value) : !Array.isArray(value);
  if (!isOther) return [];
  const text = `needs a list in ${field}. Use one reference alone, without text around it.`;
  return [{ code: "invalid_value", field, text }];
}
