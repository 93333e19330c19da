import type * as z from "zod";
import { StepId } from "./definition.ts";
import { toPointer } from "./fold-json.ts";
import { type Problem, quote, type Subject, toProblem } from "./problem.ts";
import { readPath } from "./read-path.ts";
import type { Path } from "./reference.ts";

/** The problems of what is no definition, from the schema's issues. */
export function schemaProblems(raw: unknown, error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const { path, message } = findCause(issue);
    const at = locate(raw, path);
    if (at.subject === undefined) {
      const field = toPointer(path);
      const whole = field === "" ? "This is no workflow" : `The workflow is wrong in ${field}`;
      const text = `${whole}: ${message}.`;
      return { code: "invalid_definition", stepId: null, field, message: text, severity: "error" };
    }
    const text = explain(readPath(raw, path), at.field, message);
    const field = at.subject.id === null ? toPointer(path) : at.field;
    return toProblem(at.subject, { code: "invalid_definition", field, text });
  });
}

function explain(value: unknown, field: string, message: string): string {
  if (field === "") return `is not complete: ${message}.`;
  if (value === undefined) return `needs ${field}.`;
  const shown = typeof value === "string" ? ` ${quote(value)}` : "";
  return `has a wrong value${shown} in ${field}: ${message}.`;
}

/** Which step an issue is about. */
function locate(raw: unknown, path: Path): { subject?: Subject; field: string } {
  const [part, index] = path;
  if (part === "trigger") {
    const subject = describeRaw(readPath(raw, ["trigger"]), 1);
    return { subject, field: toPointer(path.slice(1)) };
  }
  if (part === "steps" && typeof index === "number") {
    const subject = describeRaw(readPath(raw, ["steps", index]), index + 2);
    return { subject, field: toPointer(path.slice(2)) };
  }
  return { field: toPointer(path) };
}

function describeRaw(step: unknown, number: number): Subject {
  const id = StepId.safeParse(readPath(step, ["id"]));
  const title = readPath(step, ["title"]);
  return {
    id: id.success ? id.data : null,
    number,
    title: typeof title === "string" ? title : undefined,
  };
}

interface Cause {
  path: (string | number)[];
  message: string;
}

/**
 * Of a union the alternative that came closest: whose fault lies deepest, else that has the fewest.
 * Where none came closer than another, all are named.
 */
function findCause(issue: z.core.$ZodIssue): Cause {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  if (issue.code !== "invalid_union" || issue.errors.length === 0) {
    return { path, message: issue.message };
  }
  const causes = issue.errors.map((faults) => ({ faults: faults.length, ...deepest(faults) }));
  const closest = causes.reduce((best, cause) => (isCloser(cause, best) ? cause : best));
  const messages = causes
    .filter((cause) => cause === closest || !isCloser(closest, cause))
    .map(({ message }) => message);
  return { path: [...path, ...closest.path], message: [...new Set(messages)].join(", or ") };
}

interface Closeness extends Cause {
  faults: number;
}

function isCloser(a: Closeness, b: Closeness): boolean {
  if (a.path.length !== b.path.length) return a.path.length > b.path.length;
  return a.faults < b.faults;
}

function deepest(issues: readonly z.core.$ZodIssue[]): Cause {
  return issues
    .map(findCause)
    .reduce((found, cause) => (cause.path.length > found.path.length ? cause : found));
}
