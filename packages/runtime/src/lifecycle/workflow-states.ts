import type { Configuration, Settings } from "@tenon/connections";
import { WorkflowState } from "./enrollments.ts";

const off: WorkflowState = { enabled: false, settings: {} };

/** How a workflow stands in `workflow_settings`; what is stored in another form counts as off. */
export function stateOf(workflowSettings: Settings, workflowId: string): WorkflowState {
  if (!Object.hasOwn(workflowSettings, workflowId)) return off;
  return WorkflowState.safeParse(workflowSettings[workflowId]).data ?? off;
}

/** `workflow_settings` with another state of one workflow. */
export function withState(
  workflowSettings: Settings,
  workflowId: string,
  state: Partial<WorkflowState>,
): Settings {
  return {
    ...workflowSettings,
    [workflowId]: { ...stateOf(workflowSettings, workflowId), ...state },
  };
}

/** Facts that Tenon keeps in a configuration's meta, beside the customer's own. */
export const ownMeta = {
  /** Integration Enabled workflows were started: the SDK's name for it. */
  enableTriggered: "isIntegrationEnableTriggered",
  /** What is enabled by default was enabled. */
  defaultsApplied: "areDefaultsApplied",
} as const;

export function hasMark(
  { meta }: Pick<Configuration, "meta">,
  mark: keyof typeof ownMeta,
): boolean {
  return meta[ownMeta[mark]] === true;
}
