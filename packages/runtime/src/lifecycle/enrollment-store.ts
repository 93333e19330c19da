import type { Configuration, ConfigurationChange, Connection } from "@tenon/connections";
import type { Trigger } from "@tenon/workflow";
import type { WorkflowUser } from "./enrollments.ts";
import type { Workflow } from "./workflow.ts";
import type { WorkflowIntegration } from "./workflow-store.ts";

/** A configuration with whom and what it belongs to. */
export interface Enrollee {
  user: WorkflowUser;
  connection: Connection;
  configuration: Configuration;
}

/** A deployed workflow as it is while a configuration is changed. */
export type DeployedWorkflow = Pick<
  Workflow,
  "id" | "title" | "userSettings" | "hidden" | "defaultEnabled" | "permissions"
> & { trigger: Trigger };

/** A configuration that nobody else changes meanwhile. */
export interface LockedConfiguration extends Enrollee {
  integration: WorkflowIntegration;
  /** The integration's deployed workflows; none is deployed or undeployed meanwhile. */
  workflows: readonly DeployedWorkflow[];
}

export interface ConfigurationTarget {
  projectId: string;
  userId: string;
  connectionId: string;
  configurationId: string;
}

/** Stores which workflows are enabled for which configurations, and their settings. */
export interface EnrollmentStore {
  /**
   * Changes one configuration, and its schedules to what it then has enabled.
   *
   * - `decide` sees it locked, with the user's metadata and the deployed workflows as they stay
   *   until the change is committed. It answers undefined to change nothing; what it throws is
   *   thrown.
   * - Undefined where there is no such configuration.
   */
  change(
    target: ConfigurationTarget,
    decide: (locked: LockedConfiguration) => ConfigurationChange | undefined,
  ): Promise<Connection | undefined>;
  /** `conflict` where the connection has one of this externalId. */
  create(
    target: Omit<ConfigurationTarget, "configurationId">,
    configuration: { id: string; externalId: string | null },
  ): Promise<Connection | "conflict" | undefined>;
  /** Removes one that is not the default. */
  remove(target: ConfigurationTarget): Promise<Connection | undefined>;

  findUser(
    projectId: string,
    by: { externalId: string } | { id: string },
  ): Promise<WorkflowUser | undefined>;
  /** All configurations of one connection, or of one user. */
  list(projectId: string, of: { connectionId: string } | { userId: string }): Promise<Enrollee[]>;
  /** Configurations that have a workflow enabled, in the order of ids. */
  listEnabled(
    workflowId: string,
    page: { after: string | undefined; limit: number },
  ): Promise<Enrollee[]>;
  /**
   * Configurations that were not yet given what is enabled by default, or have not yet started
   * what Integration Enabled starts, in the order of ids.
   */
  listUnsettled(page: {
    after: string | undefined;
    limit: number;
    /** Only those that changed within this time. */
    changedWithinMs: number | undefined;
  }): Promise<Enrollee[]>;
}
