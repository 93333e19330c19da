import type {
  Draft,
  NewWorkflow,
  Version,
  VersionDetail,
  VersionFilter,
  Workflow,
  WorkflowChange,
} from "./workflow.ts";
import type { SettingInput } from "./user-setting.ts";

/** What a workflow names and the project it came to does not have. */
export interface Lacks {
  /** Names of app events and environment secrets. */
  events: string[];
  secrets: string[];
  /** Inputs of the integration that the workflow's references name. */
  integrationSettings: string[];
  /** Connector id, where the project has no such integration yet. */
  integration: string | null;
}

/** A workflow as it was brought into a project. */
export interface Imported {
  workflow: Workflow;
  lacks: Lacks;
  /** What could not be taken over as it was, in words. */
  warnings: string[];
}

/** Our own exported form, or Paragon's compiled one. */
export type ExportFormat = "tenon" | "paragon";

/**
 * Workflows as the developer makes them. Ids of other projects answer as unknown ones do: with
 * `workflow_not_found`, `version_not_found`, `integration_not_found`. Input of the wrong form is
 * `invalid_request`.
 */
export interface Workflows {
  /** In the order of their integrations and of {@link Workflow.order}. */
  list(projectId: string, filter?: { integrationId?: string | undefined }): Promise<Workflow[]>;
  get(projectId: string, workflowId: string): Promise<Workflow>;
  create(projectId: string, integrationId: string, workflow: NewWorkflow): Promise<Workflow>;
  /** Title, description, portal texts, settings, permissions. Takes effect at once. */
  update(projectId: string, workflowId: string, change: WorkflowChange): Promise<Workflow>;
  /** Puts an integration's workflows into this order; those not named come after. */
  reorder(
    projectId: string,
    integrationId: string,
    workflowIds: readonly string[],
  ): Promise<Workflow[]>;
  /** Removes it from sight and cancels its runs; their history stays. */
  remove(projectId: string, workflowId: string): Promise<{ cancelledRuns: number }>;

  readDraft(projectId: string, workflowId: string): Promise<Draft>;
  /**
   * Saves the draft that was made from `revision`. Throws `conflict` with
   * `{ revision, currentRevision }` where it was changed meanwhile. Every tenth change is kept as a
   * version.
   */
  saveDraft(
    projectId: string,
    workflowId: string,
    draft: { revision: number; definition: unknown },
  ): Promise<Draft>;

  /**
   * Makes the draft an immutable version and starts runs with it from now on. Throws
   * `workflow_invalid` with `{ problems }`; `conflict` where `revision` is given and not the
   * draft's.
   */
  deploy(
    projectId: string,
    workflowId: string,
    options?: { revision?: number | undefined; name?: string | undefined },
  ): Promise<Workflow>;
  /** No run is started any more; those under way go on. */
  undeploy(projectId: string, workflowId: string): Promise<Workflow>;

  /** Newest first. */
  listVersions(projectId: string, workflowId: string, filter?: VersionFilter): Promise<Version[]>;
  getVersion(projectId: string, workflowId: string, versionId: string): Promise<VersionDetail>;
  /** Keeps the draft as it is now, under a name. */
  saveVersion(projectId: string, workflowId: string, version: { name: string }): Promise<Version>;
  /** Puts a version into the draft; the draft as it was is kept as a version before. */
  restoreVersion(projectId: string, workflowId: string, versionId: string): Promise<Draft>;

  /** The draft, or a version, as JSON that {@link Workflows.import} takes. */
  export(
    projectId: string,
    workflowId: string,
    options?: { format?: ExportFormat | undefined; versionId?: string | undefined },
  ): Promise<unknown>;
  /** Makes a workflow of an exported one; which form it has is seen. */
  import(projectId: string, integrationId: string, document: unknown): Promise<Imported>;
  /**
   * Copies the draft to another project's integration of the same connector (or to the same
   * project), saving it to the version history first. Throws `integration_not_found` where that
   * project has none. Whether the caller may write to that project is the caller's to check.
   */
  copy(projectId: string, workflowId: string, target: { projectId: string }): Promise<Imported>;

  /** What a connected user fills in for the whole integration. */
  readIntegrationSettings(projectId: string, integrationId: string): Promise<SettingInput[]>;
  saveIntegrationSettings(
    projectId: string,
    integrationId: string,
    inputs: unknown,
  ): Promise<SettingInput[]>;
}
