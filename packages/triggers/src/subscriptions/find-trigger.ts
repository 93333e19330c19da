import type { Connector, Trigger } from "@tenon/connector";
import { subscriptionError } from "./subscription-error.ts";

/** The connector's trigger of this id or intent; throws `trigger_not_found`. */
export function findTrigger(connector: Connector | undefined, name: string): Trigger {
  const triggers = connector?.triggers ?? [];
  const found = triggers.find(({ id, intent }) => id === name || intent === name);
  if (found) return found;
  const known = triggers.map(({ id }) => id).join(", ") || "none";
  throw subscriptionError(
    "trigger_not_found",
    `${connector?.title ?? "The integration"} has no trigger "${name}". It has: ${known}.`,
  );
}

/** Throws `invalid_request` that names each field of a trigger's input that cannot be used. */
export function checkTriggerInput({ id, input: schema }: Trigger, input: object): void {
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) {
    const known = Object.keys(schema.shape).join(", ") || "none";
    throw subscriptionError(
      "invalid_request",
      `input.${unknown}: the trigger "${id}" has no such input. It has: ${known}.`,
    );
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: ["input", ...path].join("."),
    message,
  }));
  throw subscriptionError(
    "invalid_request",
    issues.map(({ path, message }) => `${path}: ${message}`).join("; "),
    { details: { issues } },
  );
}
