import {
  Definition,
  findProblems,
  InvalidDefinitionError,
  normalizeDefinition,
  planWorkflow,
  type Problem,
  type ProblemContext,
  readPath,
  Step,
  StepId,
  Trigger,
} from "@tenon/workflow";
import { invalidWorkflow } from "./check-definition.ts";
import type { DraftDefinition, Workflow } from "./workflow.ts";

/**
 * A draft as a definition in which one step can be tested: other steps may be unfinished. In the
 * place of those that cannot be read stand steps that do nothing, so that numbers stay.
 *
 * Throws `workflow_invalid` with the step's own problems, or with all where they hide the step.
 */
export function toTestable(
  workflow: Pick<Workflow, "title">,
  draft: DraftDefinition,
  { stepId, context }: { stepId: string; context: ProblemContext },
): Definition {
  const errors = findProblems(draft, context).filter(({ severity }) => severity === "error");
  const own = errors.filter((problem) => problem.stepId === stepId);
  if (own.length > 0) throw invalidWorkflow(workflow, own);
  if (errors.length === 0) return normalizeDefinition(Definition.parse(draft));
  try {
    const definition = withoutUnreadable(draft, unreadableIds(errors));
    const plan = definition && planWorkflow(definition);
    if (plan?.steps.has(stepId) === true) return plan.definition;
  } catch (cause) {
    if (!(cause instanceof InvalidDefinitionError)) throw cause;
  }
  throw invalidWorkflow(workflow, errors);
}

function unreadableIds(errors: readonly Problem[]): Set<string | null> {
  const unreadable = errors.filter(({ code }) => code === "invalid_template");
  return new Set(unreadable.map(({ stepId }) => stepId));
}

/** The definition of what can be read and reached; undefined without a trigger. */
function withoutUnreadable(
  { trigger: rawTrigger, steps: rawSteps }: DraftDefinition,
  unreadable: ReadonlySet<string | null>,
): Definition | undefined {
  const trigger = Trigger.safeParse(rawTrigger).data;
  if (trigger === undefined || !Array.isArray(rawSteps)) return undefined;
  const read = rawSteps.map((raw: unknown, index) => {
    const step = Step.safeParse(raw).data;
    return step === undefined || unreadable.has(step.id) ? placeholder(raw, index) : step;
  });
  const normal = normalizeDefinition({ trigger, steps: read });
  const ids = new Set(normal.steps.map(({ id }) => id));
  const link = (id: string | null) => (id !== null && ids.has(id) ? id : null);
  const linked = new Map(normal.steps.map((step) => [step.id, linkStep(step, link)]));
  const first = { ...normal.trigger, next: link(normal.trigger.next) };
  const reachable = reachableFrom(first.next, linked);
  const steps = [...linked.values()].filter(({ id }) => reachable.has(id));
  return { trigger: first, steps };
}

/** Does nothing and leads on to where the step did. */
function placeholder(raw: unknown, index: number): Step {
  const id = StepId.safeParse(readPath(raw, ["id"])).data ?? `unreadable-${index + 2}`;
  const next = StepId.safeParse(readPath(raw, ["next"])).data ?? null;
  return Step.parse({ id, next, type: "delay", value: 0 });
}

function linkStep(step: Step, link: (id: string | null) => string | null): Step {
  const next = link(step.next);
  switch (step.type) {
    case "conditional":
      return {
        ...step,
        next,
        branches: step.branches.map((branch) => ({ ...branch, next: link(branch.next) })),
        otherwise: { ...step.otherwise, next: link(step.otherwise.next) },
      };
    case "fanOut":
      return { ...step, next, each: link(step.each) };
    default:
      return { ...step, next };
  }
}

function reachableFrom(first: string | null, steps: ReadonlyMap<string, Step>): Set<string> {
  const reachable = new Set<string>();
  const open = [first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = id === null ? undefined : steps.get(id);
    if (step === undefined || reachable.has(step.id)) continue;
    reachable.add(step.id);
    open.push(step.next);
    if (step.type === "fanOut") open.push(step.each);
    if (step.type === "conditional") {
      open.push(step.otherwise.next, ...step.branches.map((branch) => branch.next));
    }
  }
  return reachable;
}
