import { type CompiledStep, compileStep, referencesInStep } from "./compile-step.ts";
import type { Definition, Step, Trigger } from "./definition.ts";
import type { CompiledCondition } from "./evaluate.ts";
import { normalizeDefinition } from "./step-numbers.ts";
import { treeFinding } from "./graph-problems.ts";
import { structureFinding } from "./reference-problems.ts";
import { readStructure, type Structure } from "./structure.ts";
import { isUpstream, type Tree, type TreeNode } from "./tree.ts";
import { TemplateError } from "./template-error.ts";
import type { CompiledValue, LocatedReference } from "./value.ts";

/** A workflow that cannot be planned; {@link findProblems} tells all that is wrong with it. */
export class InvalidDefinitionError extends Error {
  override readonly name = "InvalidDefinitionError";
}

/** A step as a run needs it. */
export interface PlannedStep {
  step: Step;
  /** As people see it: 2 for the first step. */
  number: number;
  /** Ids of the fan outs around it, outermost first. */
  fanOuts: readonly string[];
  /** One object with the step's templated fields by name, such as `{ url, headers, body … }`. */
  input: CompiledValue;
  /** Of a conditional, by branch; else none. */
  conditions: readonly CompiledCondition[];
  pagination?: { items: CompiledValue; pageToken: CompiledValue; stopWhen?: CompiledCondition };
}

/** What runs of a workflow look up outside of it. */
export interface Uses {
  secrets: ReadonlySet<string>;
  /** True where a step refers to the connection's access token. */
  accessToken: boolean;
  workflowSettings: ReadonlySet<string>;
  integrationSettings: ReadonlySet<string>;
}

/** A workflow made ready for runs: checked, with all its templates parsed. */
export interface Plan {
  /** With ids for numbers in references. */
  definition: Definition;
  trigger: Trigger;
  /** The trigger's templated fields, such as the schedule's time zone. */
  triggerInput: CompiledValue;
  /** By id, in their numbers' order. */
  steps: ReadonlyMap<string, PlannedStep>;
  /** 1 for the trigger. Throws RangeError for an unknown id. */
  numberOf(id: string): number;
  /** Ids of the fan outs around a step, outermost first; none for the trigger. */
  fanOutsOf(id: string): readonly string[];
  /**
   * The trigger and the steps that surely or possibly ran before a step, in the order of a run: what
   * the variable menu offers.
   */
  upstreamOf(id: string): readonly string[];
  uses: Uses;
}

/**
 * Makes a workflow ready for runs, in time linear in its size.
 *
 * @throws InvalidDefinitionError where its steps are no tree, or a template cannot be read or refers to
 * what can never be there.
 */
export function planWorkflow(definition: Definition): Plan {
  const normal = orInvalid(() => normalizeDefinition(definition));
  const structure = readStructure(normal);
  const { tree, name } = structure;
  const [fault] = tree.faults;
  if (fault !== undefined) {
    throw new InvalidDefinitionError(`${name(fault.stepId)} ${treeFinding(fault, name).text}`);
  }
  const compiledTrigger = compileOrThrow(normal.trigger, structure);
  const steps = new Map<string, PlannedStep>();
  const references = referencesInStep(normal.trigger, compiledTrigger);
  for (const [index, step] of normal.steps.entries()) {
    const fanOuts = tree.nodes.get(step.id)?.place?.fanOuts ?? [];
    const compiled = compileOrThrow(step, structure);
    steps.set(step.id, { step, number: index + 2, fanOuts, ...compiled });
    references.push(...referencesInStep(step, compiled));
  }
  return {
    definition: normal,
    trigger: normal.trigger,
    triggerInput: compiledTrigger.input,
    steps,
    numberOf: (id) => (id === normal.trigger.id ? 1 : findStep(steps, id).number),
    fanOutsOf: (id) => (id === normal.trigger.id ? [] : findStep(steps, id).fanOuts),
    upstreamOf: (id) => upstreamOf(tree, normal.trigger.id, id),
    uses: collectUses(references),
  };
}

function findStep(steps: ReadonlyMap<string, PlannedStep>, id: string): PlannedStep {
  const step = steps.get(id);
  if (step === undefined) throw new RangeError(`The workflow has no step ${id}.`);
  return step;
}

function compileOrThrow(of: Step | Trigger, structure: Structure): CompiledStep {
  const invalid = (text: string): InvalidDefinitionError =>
    new InvalidDefinitionError(`${structure.name(of.id)} ${text}`);
  const compiled = compileStep(of, ({ pointer, message }) => {
    throw invalid(`cannot be read in ${pointer}: ${message}.`);
  });
  for (const located of referencesInStep(of, compiled)) {
    const finding = structureFinding(of, located, structure);
    if (finding !== undefined) throw invalid(finding.text);
  }
  return compiled;
}

function orInvalid<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new InvalidDefinitionError(cause.message, { cause });
  }
}

function upstreamOf(tree: Tree, triggerId: string, id: string): readonly string[] {
  if (id === triggerId) return [];
  const later = tree.nodes.get(id);
  if (later === undefined) throw new RangeError(`The workflow has no step ${id}.`);
  const earlier = [...tree.nodes].filter(([, node]: [string, TreeNode]) => isUpstream(node, later));
  return [triggerId, ...earlier.map(([stepId]) => stepId)];
}

function collectUses(references: readonly LocatedReference[]): Uses {
  const secrets = new Set<string>();
  const settings = { workflow: new Set<string>(), integration: new Set<string>() };
  let accessToken = false;
  for (const { reference } of references) {
    if (reference.source === "secret") secrets.add(reference.name);
    if (reference.source === "setting") settings[reference.level].add(reference.inputId);
    // `{{connection}}` as a whole does not hold the token: it is read by its name only.
    if (reference.source === "connection" && reference.path[0] === "accessToken")
      accessToken = true;
  }
  return {
    secrets,
    accessToken,
    workflowSettings: settings.workflow,
    integrationSettings: settings.integration,
  };
}
