import { randomUUID } from "node:crypto";
import type { Action } from "@tenon/connector";
import type { ErrorCode } from "@tenon/contract";
import { StepFailure, type StepExecutors } from "@tenon/runtime";
import { ActionStep, Definition, planWorkflow } from "@tenon/workflow";
import { httpError } from "../http/errors.ts";
import type { Account } from "./account-fields.ts";

export interface ActionCall {
  projectId: string;
  account: Account;
  action: Action;
  /** Taken as they are: nothing in them is resolved. */
  parameters: Record<string, unknown>;
  signal: AbortSignal;
}

/** Runs one action outside of workflows; answers its output. */
export type RunAction = (call: ActionCall) => Promise<unknown>;

/**
 * Creates what runs one action, with what does action steps.
 *
 * - The action is done once: nothing is repeated, nothing is kept. Who calls sees a failure at once
 *   and decides; where a write's outcome is not known, the failure says so.
 */
export function createRunAction(executor: StepExecutors["action"]): RunAction {
  return async ({ projectId, account, action, parameters, signal }) => {
    const { connector, connectionId } = account;
    const { plan, planned } = planAction(connector.id, action.id);
    const runId = randomUUID();
    try {
      return await executor.run({
        owner: { runId, projectId, workflowId: runId, connectionId, test: false },
        plan,
        planned,
        input: { input: parameters },
        resolveWith: () => ({
          input: parameters,
          items: undefined,
          pageToken: undefined,
          stop: true,
        }),
        attempt: 1,
        idempotencyKey: runId,
        signal,
        hide: () => undefined,
        once: (_name, part) => part(),
      });
    } catch (error) {
      throw error instanceof StepFailure ? fromFailure(error) : error;
    }
  };
}

/** A workflow of this one step. */
function planAction(integration: string, action: string) {
  const step = ActionStep.parse({ id: "action", type: "action", integration, action });
  const trigger = { id: "call", type: "request", next: step.id };
  const plan = planWorkflow(Definition.parse({ trigger, steps: [step] }));
  const planned = plan.steps.get(step.id);
  if (!planned) throw new Error("A plan lost its only step.");
  return { plan, planned: { ...planned, step } };
}

function fromFailure(failure: StepFailure): Error {
  const { code, message, details, happened, retryAfterMs } = failure;
  return httpError(codes[code] ?? "action_failed", message, {
    cause: failure,
    details: {
      ...details,
      failure: code,
      outcome: happened === "unknown" ? "unknown" : "not_done",
    },
    ...(retryAfterMs !== undefined && { retryAfter: retryAfterMs / 1000 }),
  });
}

/** What is the provider's own refusal is `action_failed`. */
const codes: Partial<Record<StepFailure["code"], ErrorCode>> = {
  invalid_input: "invalid_request",
  connection_invalid: "connection_invalid",
  connection_not_found: "connection_not_found",
  provider_timeout: "provider_timeout",
  provider_unavailable: "provider_unavailable",
  rate_limited: "rate_limited",
  internal_error: "internal_error",
};
