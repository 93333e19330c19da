import {
  Definition,
  findProblems,
  InvalidDefinitionError,
  planWorkflow,
  type Problem,
  type ProblemContext,
  Step,
  Trigger,
} from "@tenon/workflow";
import { invalidWorkflow, toRunnable } from "./check-definition.ts";
import type { DraftDefinition, Workflow } from "./workflow.ts";

/**
 * A draft as a definition in which one step can be tested: other steps may be unfinished. Those
 * that cannot be read are passed over, as if what is before them led to what is after.
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
  if (errors.length === 0) return toRunnable(workflow, draft, context);
  try {
    const definition = passOver(draft, unreadableIds(errors));
    // Numbers name steps by their place, which is another now: only ids mean the same.
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

/** The definition of what can be read; undefined without a trigger. */
function passOver(
  draft: DraftDefinition,
  unreadable: ReadonlySet<string | null>,
): Definition | undefined {
  const trigger = Trigger.safeParse(draft["trigger"]).data;
  if (trigger === undefined || !Array.isArray(draft["steps"])) return undefined;
  const steps = new Map<string, Step>();
  const nextOfPassed = new Map<string, string | null>();
  for (const raw of draft["steps"] as unknown[]) {
    const step = Step.safeParse(raw).data;
    if (step !== undefined && !unreadable.has(step.id)) steps.set(step.id, step);
    else keepNext(raw, nextOfPassed);
  }
  const link = (id: string | null): string | null => {
    let target = id;
    // Each is passed once: a circle of unreadable steps leads nowhere.
    for (const seen = new Set<string>(); target !== null && !steps.has(target);) {
      if (seen.has(target)) return null;
      seen.add(target);
      target = nextOfPassed.get(target) ?? null;
    }
    return target;
  };
  const linked = new Map([...steps].map(([id, step]) => [id, linkStep(step, link)]));
  const first = { ...trigger, next: link(trigger.next) };
  const reachable = reachableFrom(first.next, linked);
  return Definition.parse({
    trigger: first,
    steps: [...linked.values()].filter(({ id }) => reachable.has(id)),
  });
}

function keepNext(raw: unknown, nextOfPassed: Map<string, string | null>): void {
  if (typeof raw !== "object" || raw === null || !("id" in raw)) return;
  const next = "next" in raw && typeof raw.next === "string" ? raw.next : null;
  if (typeof raw.id === "string") nextOfPassed.set(raw.id, next);
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
