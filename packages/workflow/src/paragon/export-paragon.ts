import type { Definition, Step, Trigger } from "../definition.ts";
import { planWorkflow } from "../plan.ts";
import { nameSubject } from "../problem.ts";
import type { ParagonMapping, ParagonStep } from "./compiled-form.ts";
import { writeStep, writeTrigger } from "./export-step.ts";
import type { ExportScope } from "./to-source.ts";

/** What a workflow is called in Paragon. */
export interface ExportOptions {
  id: string;
  name: string;
  /** Slug of the integration that the workflow belongs to; its triggers carry it. */
  integration?: string;
  mapping: ParagonMapping;
}

/** A workflow in Paragon's compiled form, and what could not be written as it is. */
export interface ExportedWorkflow {
  workflow: { id: string; name: string; isDraft: boolean; steps: ParagonStep[] };
  notes: string[];
}

/**
 * Writes a workflow in Paragon's compiled form. What Paragon does not have, or has not published the
 * form of, is named in the notes.
 *
 * @throws InvalidDefinitionError where the workflow cannot be planned.
 */
export function exportParagon(definition: Definition, options: ExportOptions): ExportedWorkflow {
  const { trigger, steps } = planWorkflow(definition).definition;
  const notes: string[] = [];
  const scopeOf = (of: Step | Trigger, number: number): ExportScope => ({
    mapping: options.mapping,
    note: (text) => notes.push(`${nameSubject({ number, title: of.title })} ${text}`),
  });
  const written = [
    toStep(trigger, writeTrigger(trigger, options.integration, scopeOf(trigger, 1))),
    ...steps.map((step, index) => toStep(step, writeStep(step, scopeOf(step, index + 2)))),
  ];
  const workflow = { id: options.id, name: options.name, isDraft: false, steps: written };
  return { workflow, notes };
}

function toStep(
  of: Step | Trigger,
  { type, parameters }: Pick<ParagonStep, "type" | "parameters">,
): ParagonStep {
  return {
    id: of.id,
    type,
    parameters,
    next: of.next,
    _migrations: { name: of.id },
    description: of.title ?? of.id,
  };
}
