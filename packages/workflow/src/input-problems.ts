import * as z from "zod";
import { foldJson, toPointer } from "./fold-json.ts";
import type { Finding } from "./problem.ts";
import { quote } from "./problem.ts";
import { compiling, referencesIn, resolveValue } from "./value.ts";
import { TemplateError } from "./template-error.ts";

/**
 * Checks the input of an action or integration trigger against its schema. A value that holds a
 * reference, or cannot be parsed, is known at run time only and not checked.
 */
export function inputFindings(input: Record<string, unknown>, schema: z.ZodObject): Finding[] {
  const findings: Finding[] = [];
  const known: [string, unknown][] = [];
  let isKnown = true;
  for (const [key, field] of Object.entries(schema.shape)) {
    const pointer = toPointer(["input", key]);
    const read = Object.hasOwn(input, key) ? readLiteral(input[key]) : { value: undefined };
    if (read === undefined) {
      isKnown = false;
      continue;
    }
    if (read.value !== undefined) known.push([key, read.value]);
    findings.push(...valueFindings({ field, key, pointer, value: read.value }));
  }
  findings.push(...unknownInputs(input, schema));
  const isSound = isKnown && findings.every(({ severity }) => severity === "warning");
  return isSound ? [...findings, ...togetherFindings(Object.fromEntries(known), schema)] : findings;
}

interface FieldValue {
  field: z.core.$ZodType;
  key: string;
  pointer: string;
  value: unknown;
}

function valueFindings({ field, key, pointer, value }: FieldValue): Finding[] {
  const issues = findIssues(field, value);
  const [first] = issues;
  if (first === undefined) return [];
  const label = labelOf(field, key);
  if (value === undefined) {
    return [{ code: "missing_input", field: pointer, text: `needs a value for ${label}.` }];
  }
  return issues.map((issue) => ({
    code: "invalid_input",
    field: pointer + toPointer(issue.path.map(String)),
    text: `has a wrong value for ${label}: ${issue.message}.`,
  }));
}

/** What the values are together, where each is right by itself. */
function togetherFindings(input: Record<string, unknown>, schema: z.ZodObject): Finding[] {
  return findIssues(schema, input).map((issue) => ({
    code: "invalid_input",
    field: toPointer(["input", ...issue.path.map(String)]),
    text: `has a wrong input: ${issue.message}.`,
  }));
}

/** A strict schema refuses what it does not know, a plain one drops it, a loose one takes it. */
function unknownInputs(input: Record<string, unknown>, schema: z.ZodObject): Finding[] {
  const { catchall } = schema.def;
  const isStrict = catchall?._zod.def.type === "never";
  if (catchall !== undefined && !isStrict) return [];
  return Object.keys(input)
    .filter((key) => !Object.hasOwn(schema.shape, key))
    .map((key) => ({
      code: "unknown_input",
      field: toPointer(["input", key]),
      text: `gives ${quote(key)}, which is no input here. Remove it.`,
      ...(isStrict ? {} : { severity: "warning" }),
    }));
}

/** The value that a run will have; undefined where only the run knows. */
function readLiteral(json: unknown): { value: unknown } | undefined {
  try {
    const compiled = foldJson(json, compiling);
    if (referencesIn(compiled).length > 0) return undefined;
    return { value: resolveValue(compiled, { read: () => undefined }) };
  } catch (cause) {
    if (cause instanceof TemplateError) return undefined;
    throw cause;
  }
}

/** Schemas that can only be asked later, as they wait for something, have no issues now. */
function findIssues(schema: z.core.$ZodType, value: unknown): readonly z.core.$ZodIssue[] {
  try {
    return z.safeParse(schema, value).error?.issues ?? [];
  } catch (cause) {
    if (cause instanceof z.core.$ZodAsyncError) return [];
    throw cause;
  }
}

function labelOf(field: z.core.$ZodType, key: string): string {
  const title = z.globalRegistry.get(field)?.title;
  return title === undefined ? quote(key) : `${quote(title)} (${key})`;
}
