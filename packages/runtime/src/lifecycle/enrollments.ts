import type { Connection } from "@tenon/connections";
import type { Condition, Trigger } from "@tenon/workflow";
import * as z from "zod";
import type { SettingInput } from "./user-setting.ts";

/** A connected user as the server knows the caller. */
export interface WorkflowUser {
  id: string;
  projectId: string;
  /** The user token's `sub`. */
  externalId: string;
  meta: Record<string, unknown>;
}

/**
 * Picks one configuration of a user. Nothing given: the default one of the oldest VALID connection.
 */
export interface ConfigurationSelector {
  /** A connection's id, its externalId, or `ext:` and its externalId. */
  connection?: string | undefined;
  /** A configuration's id, its externalId, or `ext:` and its externalId. */
  configuration?: string | undefined;
}

/** How a workflow stands for one configuration: what `workflow_settings` holds by workflow id. */
export const WorkflowState = z.object({
  enabled: z.boolean().default(false),
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type WorkflowState = z.output<typeof WorkflowState>;

/** A workflow as a connected user may see it. */
export interface OfferedWorkflow {
  id: string;
  integrationId: string;
  title: string;
  description: string;
  infoText: string | null;
  order: number;
  inputs: SettingInput[];
  defaultEnabled: boolean;
  /** Not shown. It is enabled and runs like any other: the SDK tells hidden ones apart by this. */
  hidden: boolean;
  permissions: Condition | null;
  triggerType: Trigger["type"];
  createdAt: Date;
  updatedAt: Date;
}

/** What `/sdk/integrations` tells of one integration's workflows. */
export interface OfferedWorkflows {
  /** Inputs for the whole integration: `sharedMeta.inputs`. */
  inputs: SettingInput[];
  /**
   * Deployed ones that the user may run, in order. Those that start by Integration Enabled are not
   * offered.
   */
  workflows: OfferedWorkflow[];
  /** Deployed ones whose permissions the user's metadata does not fulfil. */
  notPermitted: OfferedWorkflow[];
}

/** Settings to store; what is left out stays as it is. */
export interface SettingsChange {
  /** Replaces the settings of the whole integration. */
  sharedSettings?: Record<string, unknown> | undefined;
  /**
   * By workflow id: `settings` replaces that workflow's. `enabled` is applied where it is given and
   * differs, with all checks of enabling: leave it out where the caller only echoes it.
   */
  workflowSettings?:
    | Record<
        string,
        { enabled?: boolean | undefined; settings?: Record<string, unknown> | undefined }
      >
    | undefined;
}

/**
 * Which workflows run for which configurations. Answers the connection as it is afterwards.
 *
 * Changes of one configuration are made one after the other: of concurrent enables, disables and
 * settings none is lost.
 */
export interface Enrollments {
  /** By integration id, for every integration of the project. */
  offered(user: WorkflowUser): Promise<ReadonlyMap<string, OfferedWorkflows>>;
  /**
   * Throws `workflow_not_found`, `workflow_not_deployed`, `workflow_not_offered` (starts by
   * Integration Enabled), `workflow_not_permitted`, `settings_missing` with `{ missing }`,
   * `connection_not_found`, `configuration_not_found`, `integration_inactive`.
   */
  enable(
    user: WorkflowUser,
    workflowId: string,
    selector?: ConfigurationSelector,
  ): Promise<Connection>;
  /** Disabling what is not enabled changes nothing. */
  disable(
    user: WorkflowUser,
    workflowId: string,
    selector?: ConfigurationSelector,
  ): Promise<Connection>;
  /** `settings_invalid` with `{ failures }`; as `enable` where something is enabled by it. */
  changeSettings(
    user: WorkflowUser,
    target: { connectionId: string; configuration?: string | undefined },
    change: SettingsChange,
  ): Promise<Connection>;
  /** `conflict` where the connection has a configuration of this externalId. */
  createConfiguration(
    user: WorkflowUser,
    connectionId: string,
    configuration: { externalId?: string | undefined },
  ): Promise<Connection>;
  /** Merges the customer's own facts into `configMeta`; what Tenon keeps there is not changed. */
  updateConfiguration(
    user: WorkflowUser,
    target: { connectionId: string; configuration?: string | undefined },
    meta: Record<string, unknown>,
  ): Promise<Connection>;
  /** `default_configuration` for the default one. */
  removeConfiguration(
    user: WorkflowUser,
    target: { connectionId: string; configuration: string },
  ): Promise<Connection>;
  /**
   * Call it after a connection was made or made anew: enables what is enabled by default, once, and
   * starts Integration Enabled workflows, once. A sweep does it for processes that died before.
   */
  connected(projectId: string, connectionId: string): Promise<void>;
  /**
   * Call it after a user's metadata changed: disables what is not permitted any more and plans
   * schedules in the user's zone anew.
   */
  metadataChanged(projectId: string, userId: string): Promise<void>;
}
