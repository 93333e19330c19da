import type { Accounts } from "./accounts.ts";
import { disableUnpermitted } from "./enabling.ts";
import type { EnrollmentStore } from "./enrollment-store.ts";
import { isPermitted } from "./permissions.ts";
import { toTarget } from "./select-configuration.ts";
import type { Workflow } from "./workflow.ts";

const pageSize = 500;

/**
 * Disables a workflow for all whom it is not permitted any more. Where it breaks off, those that
 * are left stay enabled and start nothing: starting asks for the permission, too.
 */
export async function disableUnpermittedOf(
  workflow: Pick<Workflow, "id" | "permissions">,
  { enrollments, accounts }: { enrollments: EnrollmentStore; accounts: Accounts },
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page = await enrollments.listEnabled(workflow.id, { after, limit: pageSize });
    for (const enrollee of page) {
      after = enrollee.configuration.id;
      if (isPermitted(workflow.permissions, enrollee.user)) continue;
      await enrollments.change(toTarget(enrollee.user, enrollee), disableUnpermitted);
      accounts.forget(enrollee.configuration.id);
    }
    if (page.length < pageSize) return;
  }
}
