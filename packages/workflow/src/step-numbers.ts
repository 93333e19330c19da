import type { Condition } from "./condition.ts";
import type { Definition, Step, Trigger } from "./definition.ts";
import { foldJson, type JsonFold, sameJson } from "./fold-json.ts";
import { isStepNumber } from "./reference.ts";
import { readTokens, type Token } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import { foldField, templatedFields } from "./templated-fields.ts";

/** What numbers stand for: the trigger is number 1, then the steps in their order. */
export interface NumberedSteps {
  trigger: { id: string };
  steps: readonly { id: string }[];
}

/**
 * A text as people see it: step ids become numbers. What cannot be parsed, and ids of no step, are
 * left as they are.
 */
export function toShown(text: string, definition: NumberedSteps): string {
  const numbers = new Map<string, string>();
  for (const [index, id] of stepIds(definition).entries()) {
    if (!numbers.has(id)) numbers.set(id, String(index + 1));
  }
  return replaceHeads(text, (stepId) => numbers.get(stepId));
}

/** The opposite of {@link toShown}: numbers become step ids, numbers of no step stay. */
export function fromShown(text: string, definition: NumberedSteps): string {
  return replaceNumbers(text, stepIds(definition));
}

/**
 * A definition whose references name steps by id only. Numbers of no step stay, for
 * {@link findProblems} to name.
 *
 * @throws TemplateError where values are nested too deeply.
 */
export function normalizeDefinition(definition: Definition): Definition {
  const ids = stepIds(definition);
  const fold: JsonFold<unknown> = { ...sameJson, text: (text) => replaceNumbers(text, ids) };
  return {
    trigger: normalizeTrigger(normalizeFields<Trigger>(definition.trigger, fold), fold),
    steps: definition.steps.map((step) =>
      normalizeConditions(normalizeFields<Step>(step, fold), fold),
    ),
  };
}

function normalizeFields<T extends Step | Trigger>(of: T, fold: JsonFold<unknown>): T {
  const fields = templatedFields(of).map((field) => [field.name, foldField(field, fold)]);
  // The fold changes texts only, so that each field keeps its type.
  return { ...of, ...Object.fromEntries(fields) } as T;
}

function normalizeTrigger(trigger: Trigger, fold: JsonFold<unknown>): Trigger {
  if (trigger.type !== "integration" || trigger.condition === undefined) return trigger;
  const same = <T>(value: T): T => foldJson(value, fold) as T;
  return { ...trigger, condition: mapOperands(trigger.condition, same) };
}

function normalizeConditions(step: Step, fold: JsonFold<unknown>): Step {
  // As above: only texts change.
  const same = <T>(value: T): T => foldJson(value, fold) as T;
  if (step.type === "conditional") {
    const branches = step.branches.map((branch) => ({
      ...branch,
      condition: mapOperands(branch.condition, same),
    }));
    return { ...step, branches };
  }
  if (!("pagination" in step) || step.pagination === undefined) return step;
  const { items, pageToken, stopWhen, ...rest } = step.pagination;
  const condition = stopWhen && { stopWhen: mapOperands(stopWhen, same) };
  const pagination = { ...rest, items: same(items), pageToken: same(pageToken), ...condition };
  return { ...step, pagination };
}

/** A condition with other values in its comparisons. */
export function mapOperands(condition: Condition, map: <T>(operand: T) => T): Condition {
  if ("join" in condition) {
    return {
      ...condition,
      conditions: condition.conditions.map((inner) => mapOperands(inner, map)),
    };
  }
  return {
    ...condition,
    variable: map(condition.variable),
    ...argumentOf(condition.argument, map),
  };
}

function argumentOf<T>(argument: T | undefined, map: (operand: T) => T): { argument?: T } {
  return argument === undefined ? {} : { argument: map(argument) };
}

function stepIds(definition: NumberedSteps): string[] {
  return [definition.trigger.id, ...definition.steps.map((step) => step.id)];
}

function replaceNumbers(text: string, ids: readonly string[]): string {
  if (!/\{\{\s*\d/.test(text)) return text;
  return replaceHeads(text, (stepId) =>
    isStepNumber(stepId) ? ids[Number(stepId) - 1] : undefined,
  );
}

/** Replaces the step that references name, and nothing else of the text. */
function replaceHeads(text: string, replace: (stepId: string) => string | undefined): string {
  if (!text.includes("{{")) return text;
  let replaced = "";
  let at = 0;
  for (const token of tokensOrNone(text)) {
    if (token.kind === "literal" || token.reference.source !== "step") continue;
    const head = replace(token.reference.stepId) ?? token.reference.stepId;
    replaced += text.slice(at, token.head.start) + head;
    at = token.head.end;
  }
  return replaced + text.slice(at);
}

function tokensOrNone(text: string): Token[] {
  try {
    return readTokens(text);
  } catch (cause) {
    if (cause instanceof TemplateError) return [];
    throw cause;
  }
}
