import * as z from "zod";
import { Definition, Step, StepId, Trigger } from "../definition.ts";
import { checkSize } from "../definition-size.ts";
import { TemplateError } from "../template-error.ts";
import { nameSubject, quote } from "../problem.ts";
import { type ParagonMapping, type ParagonStep, ParagonWorkflow } from "./compiled-form.ts";
import type { ImportScope } from "./from-source.ts";
import { type StepInput, stepReaders } from "./import-step.ts";
import { toPlaced, type TriggerInput, triggerReaders } from "./import-trigger.ts";

/** JSON that is not a workflow in Paragon's compiled form. */
export class ParagonFormatError extends Error {
  override readonly name = "ParagonFormatError";
}

/** A workflow that came from Paragon, and what did not come as it was. */
export interface ImportedWorkflow {
  name: string | undefined;
  definition: Definition;
  /** What was left out, guessed or has to be done by hand, by step. */
  notes: string[];
}

/**
 * Takes over a workflow from Paragon's compiled form: one entry of `workflows` in its `build.json`.
 *
 * Steps keep their ids. A step that cannot be read becomes a function that fails with a message and
 * holds the original in a comment, so that nothing is lost and nothing runs differently unnoticed;
 * it and all else that did not come as it was is in the notes.
 *
 * @throws ParagonFormatError where the JSON is no workflow with a trigger, or is too large.
 */
export function importParagon(json: unknown, mapping: ParagonMapping): ImportedWorkflow {
  const tooLarge = checkSize(json);
  if (tooLarge !== undefined) throw new ParagonFormatError(tooLarge.message);
  const parsed = ParagonWorkflow.safeParse(json);
  if (!parsed.success) {
    throw new ParagonFormatError(
      `This is no compiled workflow of Paragon's.\n${z.prettifyError(parsed.error)}`,
    );
  }
  const { steps, name } = parsed.data;
  const triggers = steps.filter(({ type }) => type.startsWith("TRIGGER/"));
  const [first, ...others] = triggers;
  if (first === undefined || others.length > 0) {
    throw new ParagonFormatError(
      `The workflow has ${triggers.length} triggers (TRIGGER/…); it must have one.`,
    );
  }
  const notes: string[] = [];
  const ordered = [first, ...steps.filter((step) => step !== first)];
  const toStepId = createIds(ordered, notes);
  const scopeOf = (step: ParagonStep, index: number): ImportScope => {
    const subject = { number: index + 1, title: step.description ?? undefined };
    return { mapping, toStepId, note: (text) => notes.push(`${nameSubject(subject)} ${text}`) };
  };
  const trigger = readTrigger(first, scopeOf(first, 0));
  const read = ordered.slice(1).map((step, index) => readStep(step, scopeOf(step, index + 1)));
  return { name, definition: Definition.parse({ trigger, steps: read }), notes };
}

/** Our ids: Paragon's own, or a new one where that can be no id here. */
function createIds(steps: readonly ParagonStep[], notes: string[]): (id: string) => string {
  const taken = new Set(steps.map(({ id }) => id));
  if (taken.size < steps.length) throw new ParagonFormatError("Two steps have the same id.");
  const ids = new Map<string, string>();
  for (const [index, { id }] of steps.entries()) {
    if (StepId.safeParse(id).success) continue;
    let instead = `step-${index + 1}`;
    while (taken.has(instead)) instead += "-";
    taken.add(instead);
    ids.set(id, instead);
    notes.push(`Step ${index + 1} has the id ${instead} now, as ${quote(id)} can be none here.`);
  }
  // An id of no step stays, for the problems of the workflow to name.
  return (id) => ids.get(id) ?? (StepId.safeParse(id).success ? id : "unknown-step");
}

function readTrigger(step: ParagonStep, scope: ImportScope): TriggerInput {
  const placed = toPlaced(step, scope);
  const reader = Object.hasOwn(triggerReaders, step.type) ? triggerReaders[step.type] : undefined;
  const found = reader && orFault(() => Trigger.parse(reader(step, placed, scope)));
  if (found !== undefined && "value" in found) return found.value;
  scope.note(
    `is a ${step.type} and could not be read${found === undefined ? "" : ` (${found.fault})`}. The workflow starts with a request now. Its parameters were: ${printJson(step.parameters)}`,
  );
  return { ...placed, type: "request" };
}

function readStep(step: ParagonStep, scope: ImportScope): StepInput {
  const placed = toPlaced(step, scope);
  const reader = Object.hasOwn(stepReaders, step.type) ? stepReaders[step.type] : undefined;
  const found = reader && orFault(() => Step.parse(reader(step, placed, scope)));
  if (found !== undefined && "value" in found) return found.value;
  const reason = found === undefined ? "" : ` (${found.fault})`;
  scope.note(
    `is a ${step.type} and could not be read${reason}. In its place is a function that fails and holds the original in a comment.`,
  );
  return { ...placed, type: "function", code: placeholderCode(step) };
}

function placeholderCode({ type, parameters }: ParagonStep): string {
  const original = printJson({ type, parameters }).replaceAll(/^/gm, "// ").slice(0, 190_000);
  const message = JSON.stringify(
    `The step ${type.slice(0, 100)} was not taken over from Paragon. Replace it.`,
  );
  return `export default function () {\n  throw new Error(${message});\n}\n${original}\n`;
}

/** JSON in which only its own line breaks end a line of JavaScript. */
function printJson(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner),
    2,
  );
  return text.replaceAll(/[\u2028\u2029]/g, (end) => (end === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** What a reader gives, or why it gave up. */
function orFault<T>(run: () => T): { value: T } | { fault: string } {
  try {
    return { value: run() };
  } catch (cause) {
    if (cause instanceof z.ZodError) {
      const [issue] = cause.issues;
      return { fault: `${issue?.path.map(String).join(".")}: ${issue?.message}` };
    }
    if (cause instanceof TemplateError) return { fault: cause.message };
    throw cause;
  }
}
