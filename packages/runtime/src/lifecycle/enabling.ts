import type { ConfigurationChange, Settings } from "@tenon/connections";
import { requireActive, requirePermitted } from "./admit.ts";
import type { SettingsChange } from "./enrollments.ts";
import type { DeployedWorkflow, LockedConfiguration } from "./enrollment-store.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { isPermitted } from "./permissions.ts";
import { checkSettings, missingSettings, type SettingFailure } from "./setting-values.ts";
import { ownMeta, hasMark, stateOf, withState } from "./workflow-states.ts";

/**
 * What enabling, disabling and settings make of one configuration: pure, for the store calls it
 * while the configuration is locked.
 */

/** Throws as `Enrollments.enable` does. */
export function enableWorkflow(
  locked: LockedConfiguration,
  workflow: { id: string; title: string },
): ConfigurationChange {
  const deployed = locked.workflows.find(({ id }) => id === workflow.id);
  if (deployed === undefined) {
    throw lifecycleError(
      "workflow_not_deployed",
      `The workflow "${workflow.title}" is not deployed, so it cannot be enabled.`,
    );
  }
  requireActive(locked.integration);
  requirePermitted(deployed, locked.user);
  if (deployed.trigger.type === "enabled") {
    throw lifecycleError(
      "workflow_not_offered",
      `The workflow "${deployed.title}" cannot be enabled: it starts by itself once the account is connected.`,
    );
  }
  const { workflowSettings, sharedSettings } = locked.configuration;
  const { settings } = stateOf(workflowSettings, deployed.id);
  requireSettings(locked, deployed, { settings, sharedSettings });
  return { workflowSettings: withState(workflowSettings, deployed.id, { enabled: true }) };
}

/** Undefined where it is not enabled. */
export function disableWorkflow(
  { configuration: { workflowSettings } }: Pick<LockedConfiguration, "configuration">,
  workflowId: string,
): ConfigurationChange | undefined {
  if (!stateOf(workflowSettings, workflowId).enabled) return undefined;
  return { workflowSettings: withState(workflowSettings, workflowId, { enabled: false }) };
}

/** Throws `settings_invalid`, and as {@link enableWorkflow} where something is enabled by it. */
export function applySettings(
  locked: LockedConfiguration,
  change: SettingsChange,
): ConfigurationChange {
  const { configuration, workflows } = locked;
  const { sharedSettings, ...stored } = storeSettings(locked, change);
  let { workflowSettings } = stored;
  for (const [id, { enabled }] of Object.entries(change.workflowSettings ?? {})) {
    if (enabled === undefined || enabled === stateOf(workflowSettings, id).enabled) continue;
    const now = { ...configuration, sharedSettings, workflowSettings };
    const title = workflows.find((one) => one.id === id)?.title ?? id;
    const changed = enabled
      ? enableWorkflow({ ...locked, configuration: now }, { id, title })
      : disableWorkflow({ configuration: now }, id);
    workflowSettings = changed?.workflowSettings ?? workflowSettings;
  }
  for (const workflow of workflows) {
    const { enabled, settings } = stateOf(workflowSettings, workflow.id);
    const isConcerned =
      change.sharedSettings !== undefined || change.workflowSettings?.[workflow.id] !== undefined;
    if (enabled && isConcerned) requireSettings(locked, workflow, { settings, sharedSettings });
  }
  return { sharedSettings, workflowSettings };
}

/** The settings as they are with what is given, checked; throws `settings_invalid`. */
function storeSettings(
  { configuration, integration, workflows }: LockedConfiguration,
  change: SettingsChange,
): { sharedSettings: Settings; workflowSettings: Settings } {
  let { sharedSettings, workflowSettings } = configuration;
  const failures: SettingFailure[] = [];
  if (change.sharedSettings !== undefined) {
    const checked = checkSettings(integration.userSettings, change.sharedSettings, sharedSettings);
    sharedSettings = checked.settings;
    failures.push(...checked.failures);
  }
  for (const [id, { settings }] of Object.entries(change.workflowSettings ?? {})) {
    // Of workflows that are not deployed any more nothing is known: what is stored stays.
    const workflow = workflows.find((one) => one.id === id);
    if (settings === undefined || workflow === undefined) continue;
    const { settings: stored } = stateOf(workflowSettings, id);
    const checked = checkSettings(workflow.userSettings, settings, stored);
    failures.push(...checked.failures.map((one) => ({ ...one, workflowId: id })));
    workflowSettings = withState(workflowSettings, id, { settings: checked.settings });
  }
  if (failures.length > 0) throw invalidSettings(failures);
  return { sharedSettings, workflowSettings };
}

/**
 * Enables, for a configuration that is new, what is enabled by default; once, and as soon as what
 * the integration requires is filled in.
 */
export function applyDefaults(locked: LockedConfiguration): ConfigurationChange | undefined {
  const { configuration, integration, user, workflows } = locked;
  if (hasMark(configuration, "defaultsApplied")) return undefined;
  const missing = missingSettings(integration.userSettings, configuration.sharedSettings);
  if (missing.length > 0) return undefined;
  let { workflowSettings } = configuration;
  for (const { id, defaultEnabled, permissions, trigger, userSettings } of workflows) {
    const applies =
      defaultEnabled &&
      trigger.type !== "enabled" &&
      integration.isActive &&
      isPermitted(permissions, user) &&
      missingSettings(userSettings, {}).length === 0;
    if (applies) workflowSettings = withState(workflowSettings, id, { enabled: true });
  }
  return { workflowSettings, meta: { ...configuration.meta, [ownMeta.defaultsApplied]: true } };
}

/** Disables what the user's metadata does not permit any more; undefined where it all is. */
export function disableUnpermitted(locked: LockedConfiguration): ConfigurationChange | undefined {
  const { configuration, user, workflows } = locked;
  const unpermitted = workflows.filter(
    ({ id, permissions }) =>
      stateOf(configuration.workflowSettings, id).enabled && !isPermitted(permissions, user),
  );
  if (unpermitted.length === 0) return undefined;
  const workflowSettings = unpermitted.reduce(
    (settings, { id }) => withState(settings, id, { enabled: false }),
    configuration.workflowSettings,
  );
  return { workflowSettings };
}

function requireSettings(
  { integration }: LockedConfiguration,
  workflow: DeployedWorkflow,
  given: { settings: Record<string, unknown>; sharedSettings: Record<string, unknown> },
): void {
  const missing = [
    ...missingSettings(integration.userSettings, given.sharedSettings),
    ...missingSettings(workflow.userSettings, given.settings),
  ];
  if (missing.length === 0) return;
  throw lifecycleError(
    "settings_missing",
    `The workflow "${workflow.title}" needs settings that are not filled in: ${missing.join(", ")}. Fill them in first.`,
    { details: { missing } },
  );
}

function invalidSettings(failures: readonly SettingFailure[]) {
  return lifecycleError("settings_invalid", failures.map(({ message }) => message).join(" "), {
    details: { failures },
  });
}
