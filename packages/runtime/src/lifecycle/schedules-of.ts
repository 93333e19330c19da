import type { Settings } from "@tenon/connections";
import type { DeployedWorkflow } from "./enrollment-store.ts";
import type { WorkflowUser } from "./enrollments.ts";
import { type KnownSchedules, type Schedule, scheduleOf } from "./schedule-of.ts";
import { stateOf } from "./workflow-states.ts";

/** The schedule of one workflow for one configuration. */
export interface PlannedSchedule extends Schedule {
  workflowId: string;
}

/** The schedules of what a configuration has enabled. */
export function schedulesOf(
  workflowSettings: Settings,
  of: {
    workflows: readonly Pick<DeployedWorkflow, "id" | "trigger">[];
    user: Pick<WorkflowUser, "externalId" | "meta">;
    now: Date;
    /** {@link scheduleOf} */
    known?: KnownSchedules;
  },
): PlannedSchedule[] {
  const { workflows, user, now, known } = of;
  return workflows.flatMap(({ id, trigger }) => {
    if (!stateOf(workflowSettings, id).enabled) return [];
    const schedule = scheduleOf(trigger, user, { now, known });
    return schedule === undefined ? [] : [{ workflowId: id, ...schedule }];
  });
}
