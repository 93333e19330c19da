import {
  compileCondition,
  type CompiledCondition,
  Condition,
  evaluate,
  formatReference,
  readPath,
  type Reference,
  referencesOf,
  TemplateError,
} from "@tenon/workflow";
import { subscriptionError } from "./subscription-error.ts";

/** By which name a condition reads what the trigger gives. */
const payloadName = "trigger";

/** Throws `invalid_request` where a condition cannot be read or refers to anything but the payload. */
export function checkCondition(condition: Condition): void {
  try {
    compileCondition(condition);
    const strange = referencesOf(condition).find(({ reference }) => !isOfPayload(reference));
    if (strange === undefined) return;
    throw subscriptionError(
      "invalid_request",
      `condition: {{${formatReference(strange.reference)}}} is not there. Refer to the payload, such as {{${payloadName}.result.id}}.`,
    );
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw subscriptionError("invalid_request", `condition${cause.pointer}: ${cause.message}`, {
      cause,
    });
  }
}

/** A stored condition, made ready for many changes. */
export function prepareCondition(stored: unknown): CompiledCondition {
  return compileCondition(Condition.parse(stored));
}

/** Whether a payload is what the condition asks for. */
export function holdsFor(condition: CompiledCondition, payload: unknown): boolean {
  return evaluate(condition, {
    read: (reference) => (isOfPayload(reference) ? readPath(payload, reference.path) : undefined),
  });
}

function isOfPayload(reference: Reference): reference is Reference & { source: "step" } {
  return reference.source === "step" && reference.stepId === payloadName;
}
