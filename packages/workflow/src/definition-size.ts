import { maxSteps } from "./definition.ts";
import type { Problem } from "./problem.ts";

/** Nesting of a whole definition: more than any value and condition in it may have. */
const maxNesting = 250;

/** Values in a whole definition, each number, text, list and object being one. */
const maxValues = 50_000;

/**
 * Refuses what is too large to be looked at closer. Needed before a schema sees it: schemas walk
 * values recursively, and what refers to itself has no end.
 */
export function checkSize(definition: unknown): Problem | undefined {
  const steps = readSteps(definition);
  if (Array.isArray(steps) && steps.length > maxSteps) {
    return problem(
      "too_many_steps",
      "/steps",
      `The workflow has ${steps.length} steps; at most ${maxSteps} are possible. Split it into several workflows.`,
    );
  }
  let values = 1;
  let level: unknown[] = [definition];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxNesting) {
      const message = `The workflow's values are nested more than ${maxNesting} deep. Make them flatter.`;
      return problem("too_large", "", message);
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
      values += inner.length;
      if (values > maxValues) {
        const message = `The workflow holds more than ${maxValues} values. Split it, or load large data in a step.`;
        return problem("too_large", "", message);
      }
      for (const item of inner) next.push(item);
    }
    level = next;
  }
  return undefined;
}

function readSteps(definition: unknown): unknown {
  return typeof definition === "object" && definition !== null && "steps" in definition
    ? definition.steps
    : undefined;
}

function problem(code: Problem["code"], field: string, message: string): Problem {
  return { code, stepId: null, field, message, severity: "error" };
}
