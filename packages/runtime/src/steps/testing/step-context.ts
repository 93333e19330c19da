import {
  Definition,
  evaluate,
  planWorkflow,
  readPath,
  resolveValue,
  type Step,
} from "@tenon/workflow";
import { doOnce } from "../../engine/once.ts";
import type { Part } from "../../run.ts";
import type { StepContext } from "../../step-executor.ts";

export interface ContextOptions {
  /** The trigger's output. */
  trigger?: unknown;
  attempt?: number;
  test?: boolean;
  signal?: AbortSignal;
  projectId?: string;
  connectionId?: string;
  /** What earlier attempts of the step have done. */
  parts?: Record<string, Part>;
}

type StepInput<Type extends Step["type"]> = { type: Type } & Record<string, unknown>;

/** The context of a step as a run would give it, of the step as a definition has it. */
export function contextOf<Type extends Step["type"]>(
  written: StepInput<Type>,
  options: ContextOptions = {},
): StepContext<Extract<Step, { type: Type }>> {
  const plan = planWorkflow(
    Definition.parse({
      trigger: { id: "trigger", type: "event", event: "e", next: "step" },
      steps: [{ id: "step", ...written }],
    }),
  );
  const planned = plan.steps.get("step");
  if (planned === undefined) throw new Error("The plan has no step.");
  const scopeOf = (self: unknown) => ({
    read: (reference: { source: string; path?: readonly (string | number)[] }) =>
      readPath(reference.source === "self" ? self : options.trigger, reference.path ?? []),
  });
  const inputOf = (self: unknown) =>
    resolveValue(planned.input, scopeOf(self)) as Record<string, unknown>;
  const parts = {
    parts: options.parts ?? {},
    commit: async () => undefined,
    redact: <T>(result: T) => result,
    assertMayBegin: () => undefined,
  };
  return {
    hide: () => undefined,
    owner: {
      runId: "run",
      projectId: options.projectId ?? "project",
      workflowId: "workflow",
      connectionId: options.connectionId ?? "c1",
      test: options.test ?? false,
    },
    plan,
    planned: planned as StepContext<Extract<Step, { type: Type }>>["planned"],
    input: inputOf(undefined),
    resolveWith(self) {
      const scope = scopeOf(self);
      const { pagination } = planned;
      return {
        input: inputOf(self),
        items: pagination && resolveValue(pagination.items, scope),
        pageToken: pagination && resolveValue(pagination.pageToken, scope),
        stop: pagination?.stopWhen !== undefined && evaluate(pagination.stopWhen, scope),
      };
    },
    attempt: options.attempt ?? 1,
    idempotencyKey: "run:step",
    signal: options.signal ?? new AbortController().signal,
    once: (name, part, check) => doOnce(parts, { name, part, check }),
  };
}
