import type { Trigger } from "@tenon/workflow";
import type { Workflow } from "./workflow.ts";
import type { WorkflowIntegration } from "./workflow-store.ts";

/** A workflow with what starting its runs needs. */
export interface DirectoryWorkflow extends Workflow {
  /** Of the deployed version; null where there is none. */
  trigger: Trigger | null;
  hasResponseStep: boolean;
}

/** A project's workflows with what they stand on. */
export interface ProjectWorkflows {
  integrations: readonly WorkflowIntegration[];
  workflows: readonly DirectoryWorkflow[];
  /** Names of app events. */
  events: ReadonlySet<string>;
}

/** Reads all that is held in memory of a project. */
export interface DirectoryStore {
  read(projectId: string): Promise<ProjectWorkflows>;
}
