import type { Definition } from "@tenon/workflow";
import type { SettingInput } from "./user-setting.ts";
import type {
  DraftDefinition,
  Version,
  VersionDetail,
  VersionFilter,
  VersionKind,
  Workflow,
  WorkflowChange,
} from "./workflow.ts";

/** What of an integration matters to workflows. */
export interface WorkflowIntegration {
  id: string;
  projectId: string;
  connectorId: string;
  isActive: boolean;
  userSettings: SettingInput[];
}

/** What there is in a project for workflows to name. */
export interface ProjectNames {
  events: ReadonlySet<string>;
  secrets: ReadonlySet<string>;
  integrations: readonly WorkflowIntegration[];
}

/** A workflow with its draft as a copy or import makes it. */
export type WorkflowSeed = Pick<Workflow, "id" | "projectId" | "integrationId" | "title"> &
  Partial<Pick<Workflow, "description" | "infoText" | "userSettings" | "permissions">> & {
    draft: DraftDefinition;
  };

/** What happened to what was to be changed: the draft has another revision, or it is gone. */
export type Refused = { kind: "conflict"; currentRevision: number } | { kind: "unknown" };

/**
 * Stores workflows, their drafts and versions. Ids of other projects, removed ones and texts that
 * are no ids answer undefined or `unknown`.
 */
export interface WorkflowStore {
  list(projectId: string, filter: { integrationId?: string | undefined }): Promise<Workflow[]>;
  find(projectId: string, workflowId: string): Promise<Workflow | undefined>;
  create(seed: WorkflowSeed): Promise<Workflow>;
  update(
    projectId: string,
    workflowId: string,
    change: WorkflowChange,
  ): Promise<Workflow | undefined>;
  reorder(projectId: string, integrationId: string, workflowIds: readonly string[]): Promise<void>;
  /** Takes it out of sight, out of schedules and out of all configurations. */
  remove(projectId: string, workflowId: string): Promise<boolean>;

  readDraft(
    projectId: string,
    workflowId: string,
  ): Promise<{ revision: number; definition: DraftDefinition } | undefined>;
  /** Keeps every tenth revision as a version. */
  saveDraft(
    projectId: string,
    workflowId: string,
    draft: { revision: number; definition: DraftDefinition },
  ): Promise<{ kind: "saved"; revision: number } | Refused>;

  /**
   * Makes a version of the definition, from which runs are started, and plans its schedules anew.
   * Enrollments that happen meanwhile are before or after it as a whole.
   */
  deploy(
    projectId: string,
    workflowId: string,
    version: { revision: number; definition: Definition; name: string | null },
  ): Promise<{ kind: "deployed" } | Refused>;
  undeploy(projectId: string, workflowId: string): Promise<boolean>;

  listVersions(
    projectId: string,
    workflowId: string,
    filter: Required<Omit<VersionFilter, "before">> & Pick<VersionFilter, "before">,
  ): Promise<Version[]>;
  findVersion(
    projectId: string,
    workflowId: string,
    versionId: string,
  ): Promise<VersionDetail | undefined>;
  /** Keeps the draft as a version. */
  keepDraft(
    projectId: string,
    workflowId: string,
    version: { kind: VersionKind; name: string | null },
  ): Promise<Version | undefined>;
  /** Keeps the draft as a version, then puts the version into it. */
  restore(projectId: string, workflowId: string, versionId: string): Promise<boolean>;
  /** A version for a test: the newest one made for a test where it is the same. */
  snapshot(projectId: string, workflowId: string, definition: Definition): Promise<string>;
  /** A version's definition as it was stored, for any kind of version. */
  readDefinition(projectId: string, versionId: string): Promise<unknown>;

  readNames(projectId: string): Promise<ProjectNames>;
  saveIntegrationSettings(
    projectId: string,
    integrationId: string,
    inputs: readonly SettingInput[],
  ): Promise<boolean>;
  /** Definitions that runs are started with now. */
  listDeployed(
    projectId: string,
  ): Promise<{ id: string; title: string; versionId: string; definition: unknown }[]>;
  /** The newest run that tested a workflow. */
  findTestRun(projectId: string, workflowId: string): Promise<string | undefined>;
}
