import type { Condition } from "./condition.ts";
import type { Pagination, Step, Trigger } from "./definition.ts";
import { type CompiledCondition, compileConditionWith, referencesInCondition } from "./evaluate.ts";
import { foldJson, type JsonFold } from "./fold-json.ts";
import { foldField, type TemplatedField, templatedFields } from "./templated-fields.ts";
import { type CompiledValue, compiling, type LocatedReference, referencesIn } from "./value.ts";
import { TemplateError } from "./template-error.ts";

/** The parsed templates of a request that follows pages. */
export interface CompiledPagination {
  items: CompiledValue;
  pageToken: CompiledValue;
  stopWhen?: CompiledCondition;
}

/** The parsed templates of a step or trigger. */
export interface CompiledStep {
  /** One object with the templated fields by name. */
  input: CompiledValue;
  /** Of a conditional, by branch; of an integration's trigger, its one; else none. */
  conditions: readonly CompiledCondition[];
  pagination?: CompiledPagination;
}

/**
 * Parses all templates of a step or trigger.
 *
 * @param report is given each template that cannot be read, with its JSON pointer inside the step;
 * the rest is compiled with nothing in its place.
 */
export function compileStep(
  of: Step | Trigger,
  report: (error: TemplateError) => void,
): CompiledStep {
  const compile = createCompilers(report);
  const entries = templatedFields(of).map((field) => [field.name, compile.field(field)] as const);
  const input: CompiledValue = { kind: "object", entries };
  const conditions = conditionsOf(of).map(({ condition, pointer }) =>
    compile.condition(condition, pointer),
  );
  if (!("pagination" in of) || of.pagination === undefined) return { input, conditions };
  return { input, conditions, pagination: compilePagination(of.pagination, compile) };
}

/** The conditions of a step or trigger, in order, and where each stands. */
export function conditionsOf(of: Step | Trigger): { condition: Condition; pointer: string }[] {
  if (of.type === "integration") {
    return of.condition === undefined ? [] : [{ condition: of.condition, pointer: "/condition" }];
  }
  if (of.type !== "conditional") return [];
  return of.branches.map(({ condition }, index) => ({
    condition,
    pointer: `/branches/${index}/condition`,
  }));
}

/** Every reference of a step or trigger, with its JSON pointer inside it. */
export function referencesInStep(of: Step | Trigger, compiled: CompiledStep): LocatedReference[] {
  const { pagination } = compiled;
  const pointers = conditionsOf(of).map(({ pointer }) => pointer);
  return [
    ...referencesIn(compiled.input),
    ...compiled.conditions.flatMap((condition, index) =>
      referencesInCondition(condition, pointers[index] ?? ""),
    ),
    ...(pagination ? referencesIn(pagination.items, "/pagination/items") : []),
    ...(pagination ? referencesIn(pagination.pageToken, "/pagination/pageToken") : []),
    ...(pagination?.stopWhen
      ? referencesInCondition(pagination.stopWhen, "/pagination/stopWhen")
      : []),
  ];
}

interface Compilers {
  field(field: TemplatedField): CompiledValue;
  value(json: unknown, pointer: string): CompiledValue;
  condition(condition: Condition, pointer: string): CompiledCondition;
}

function createCompilers(report: (error: TemplateError) => void): Compilers {
  const orReport = <T>(compile: () => T, instead: T): T => {
    try {
      return compile();
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause;
      report(cause);
      return instead;
    }
  };
  const fold: JsonFold<CompiledValue> = {
    ...compiling,
    text: (text, pointer) => orReport(() => compiling.text(text, pointer), nothing),
  };
  const compilers: Compilers = {
    field: (field) => orReport(() => foldField(field, fold), nothing),
    value: (json, pointer) => orReport(() => foldJson(json, fold, pointer), nothing),
    condition: (condition, pointer) =>
      orReport(() => compileConditionWith(condition, compilers.value, pointer), never),
  };
  return compilers;
}

const nothing: CompiledValue = { kind: "constant", value: undefined };
const never: CompiledCondition = { kind: "join", join: "or", conditions: [] };

function compilePagination(pagination: Pagination, compile: Compilers): CompiledPagination {
  const { items, pageToken, stopWhen } = pagination;
  return {
    items: compile.value(items, "/pagination/items"),
    pageToken: compile.value(pageToken, "/pagination/pageToken"),
    ...(stopWhen && { stopWhen: compile.condition(stopWhen, "/pagination/stopWhen") }),
  };
}
