import { randomUUID } from "node:crypto";
import type { Connector } from "@tenon/connector";
import type { RunControls } from "../history.ts";
import { toRunnable } from "./check-definition.ts";
import type { CheckCode } from "./find-code-problems.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { requireStorable, parseInput } from "./parse-input.ts";
import { checkPermissions } from "./permissions.ts";
import { missingSettings } from "./setting-values.ts";
import {
  createFinding,
  type Finding,
  unknownVersion,
  unknownWorkflow,
} from "./workflow-finding.ts";
import { createTransfer } from "./transfer.ts";
import { SettingInputs } from "./user-setting.ts";
import {
  DraftDefinition,
  emptyDraft,
  NewWorkflow,
  VersionFilter,
  type Workflow,
  WorkflowChange,
} from "./workflow.ts";
import type { AppEventStore } from "./app-event-store.ts";
import type { Refused, WorkflowStore } from "./workflow-store.ts";
import type { Workflows } from "./workflows.ts";
import * as z from "zod";

export interface WorkflowsOptions {
  workflows: WorkflowStore;
  events: AppEventStore;
  connectors: ReadonlyMap<string, Connector>;
  checkCode: CheckCode;
  controls: RunControls;
  /** Told before anybody is answered: what was changed holds from then on. */
  changed(projectId: string): void;
  /** Who is not permitted any more is disabled. */
  permissionsChanged(workflow: Workflow): Promise<void>;
}

/** Bytes of a draft as JSON. */
const maxDraftBytes = 2_000_000;

/** Creates what developers make workflows with. */
export function createWorkflows(options: WorkflowsOptions): Workflows {
  const { workflows, controls, changed } = options;
  const finding = createFinding(options);
  const { get, getIntegration } = finding;
  return {
    list: (projectId, filter = {}) => workflows.list(projectId, filter),
    get,

    async create(projectId, integrationId, input) {
      const { definition = emptyDraft, ...texts } = parseInput(NewWorkflow, input, "workflow");
      requireStorable(definition, maxDraftBytes, "workflow.definition");
      await getIntegration(projectId, integrationId);
      const seed = { ...texts, id: randomUUID(), projectId, integrationId, draft: definition };
      const workflow = await workflows.create(seed);
      changed(projectId);
      return workflow;
    },

    async update(projectId, workflowId, input) {
      const change = parseInput(WorkflowChange, input, "workflow");
      checkPermissions(change.permissions);
      const before = await get(projectId, workflowId);
      checkDefault({ ...before, ...change });
      const workflow = await workflows.update(projectId, workflowId, change);
      changed(projectId);
      if (workflow === undefined) throw unknownWorkflow(workflowId);
      if (change.permissions !== undefined) await options.permissionsChanged(workflow);
      return workflow;
    },

    async reorder(projectId, integrationId, workflowIds) {
      await getIntegration(projectId, integrationId);
      await workflows.reorder(projectId, integrationId, workflowIds);
      changed(projectId);
      return workflows.list(projectId, { integrationId });
    },

    async remove(projectId, workflowId) {
      const isKnown = await workflows.remove(projectId, workflowId);
      changed(projectId);
      if (!isKnown) throw unknownWorkflow(workflowId);
      const cancelledRuns = await controls.cancelAll(
        projectId,
        workflowId,
        "The workflow was deleted.",
      );
      return { cancelledRuns };
    },

    async readIntegrationSettings(projectId, integrationId) {
      return (await getIntegration(projectId, integrationId)).userSettings;
    },

    async saveIntegrationSettings(projectId, integrationId, input) {
      const inputs = parseInput(SettingInputs, input, "inputs");
      await getIntegration(projectId, integrationId);
      await workflows.saveIntegrationSettings(projectId, integrationId, inputs);
      changed(projectId);
      return inputs;
    },

    ...createDrafts(options, finding),
    ...createVersions(options, finding),
    ...createTransfer(options, finding),
  };
}

type DraftParts = Pick<Workflows, "readDraft" | "saveDraft" | "deploy" | "undeploy">;

function createDrafts({ workflows, changed }: WorkflowsOptions, finding: Finding): DraftParts {
  const { get, readDraft, readChecking } = finding;
  return {
    readDraft,

    async saveDraft(projectId, workflowId, input) {
      const draft = parseInput(SavedDraft, input, "draft");
      requireStorable(draft.definition, maxDraftBytes, "draft.definition");
      const saved = await workflows.saveDraft(projectId, workflowId, draft);
      if (saved.kind !== "saved") throw refusal(saved, workflowId, draft.revision);
      changed(projectId);
      return readDraft(projectId, workflowId);
    },

    async deploy(projectId, workflowId, { revision, name } = {}) {
      const { workflow, draft, check } = await readChecking(projectId, workflowId);
      const definition = await toRunnable(workflow, draft.definition, check);
      // What was checked is what is deployed, even where the draft is saved meanwhile.
      const deployed = await workflows.deploy(projectId, workflowId, {
        revision: revision ?? draft.revision,
        definition,
        name: name === undefined ? null : parseInput(VersionName, name, "name"),
      });
      if (deployed.kind !== "deployed") {
        throw refusal(deployed, workflowId, revision ?? draft.revision);
      }
      changed(projectId);
      return get(projectId, workflowId);
    },

    async undeploy(projectId, workflowId) {
      await workflows.undeploy(projectId, workflowId);
      changed(projectId);
      return get(projectId, workflowId);
    },
  };
}

type VersionParts = Pick<
  Workflows,
  "listVersions" | "getVersion" | "saveVersion" | "restoreVersion"
>;

function createVersions({ workflows, changed }: WorkflowsOptions, finding: Finding): VersionParts {
  const { get, readDraft } = finding;
  return {
    async listVersions(projectId, workflowId, filter = {}) {
      const parsed = parseInput(VersionFilter, filter, "filter");
      await get(projectId, workflowId);
      return workflows.listVersions(projectId, workflowId, parsed);
    },

    async getVersion(projectId, workflowId, versionId) {
      const version = await workflows.findVersion(projectId, workflowId, versionId);
      if (version === undefined) throw unknownVersion(workflowId, versionId);
      return version;
    },

    async saveVersion(projectId, workflowId, input) {
      const name = parseInput(VersionName, input.name, "name");
      const version = await workflows.keepDraft(projectId, workflowId, { kind: "saved", name });
      if (version === undefined) throw unknownWorkflow(workflowId);
      return version;
    },

    async restoreVersion(projectId, workflowId, versionId) {
      await get(projectId, workflowId);
      const isRestored = await workflows.restore(projectId, workflowId, versionId);
      if (!isRestored) throw unknownVersion(workflowId, versionId);
      changed(projectId);
      return readDraft(projectId, workflowId);
    },
  };
}

const VersionName = z.string().trim().min(1).max(200);

const SavedDraft = z.strictObject({ revision: z.int().min(1), definition: DraftDefinition });

function checkDefault({ title, defaultEnabled, userSettings }: Workflow): void {
  const required = missingSettings(userSettings, {});
  if (!defaultEnabled || required.length === 0) return;
  throw lifecycleError(
    "invalid_request",
    `"${title}" cannot be enabled by default while it requires settings: ${required.join(", ")}. Make them optional, or leave enabling to the user.`,
  );
}

function refusal(refused: Refused, workflowId: string, revision: number) {
  if (refused.kind === "unknown") return unknownWorkflow(workflowId);
  const { currentRevision } = refused;
  return lifecycleError(
    "conflict",
    `The draft was changed meanwhile: you have revision ${revision}, it is at revision ${currentRevision}. Load it again and repeat your change.`,
    { details: { revision, currentRevision } },
  );
}
