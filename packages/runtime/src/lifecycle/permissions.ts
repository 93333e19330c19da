import {
  type CompiledCondition,
  compileCondition,
  type Condition,
  evaluate,
  formatReference,
  referencesOf,
  TemplateError,
} from "@tenon/workflow";
import type { WorkflowUser } from "./enrollments.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { userScope } from "./user-scope.ts";

/** Compiled once for as long as the workflow they are of is held. */
const compiled = new WeakMap<object, CompiledCondition>();

/** Whether a user's metadata fulfils a workflow's permissions. */
export function isPermitted(
  permissions: Condition | null,
  user: Pick<WorkflowUser, "externalId" | "meta">,
): boolean {
  if (permissions === null) return true;
  let condition = compiled.get(permissions);
  if (condition === undefined) {
    condition = compileCondition(permissions);
    compiled.set(permissions, condition);
  }
  return evaluate(condition, userScope(user));
}

/** Throws `invalid_request` where permissions cannot be read, or read more than the user. */
export function checkPermissions(permissions: Condition | null | undefined): void {
  if (permissions === null || permissions === undefined) return;
  try {
    compileCondition(permissions);
    for (const { reference } of referencesOf(permissions)) {
      if (reference.source === "user") continue;
      throw lifecycleError(
        "invalid_request",
        `Permissions are about the connected user only: {{${formatReference(reference)}}} cannot be used. Use {{user.meta.…}}.`,
      );
    }
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw lifecycleError("invalid_request", `permissions${cause.pointer}: ${cause.message}`, {
      cause,
    });
  }
}
