import { Condition } from "@tenon/workflow";
import * as z from "zod";
import { inProject, inWorkflow, projectPath, queryInt } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";
import {
  Draft,
  DraftDefinition,
  Imported,
  SettingInput,
  Version,
  Workflow,
} from "./workflow-schemas.ts";

const shared = { tag: "Workflows", auth: "apiKey" } as const;
const listPath = `${projectPath}/workflows` as const;
const onePath = `${projectPath}/workflows/{workflowId}` as const;
const unknown = ["project_not_found", "workflow_not_found"] as const;
/** Definitions and exported workflows carry code. */
const maxBodyBytes = 8 * 1_048_576;

const integration = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: "The integration's type, such as `notion`." });

export const listWorkflows = defineEndpoint({
  ...shared,
  id: "listWorkflows",
  method: "GET",
  path: listPath,
  summary: "List workflows in the order of the portal",
  params: inProject,
  query: z.object({ integration: integration.optional() }),
  response: z.object({ workflows: z.array(Workflow) }),
  errors: ["project_not_found", "integration_not_found"],
});

const texts = {
  title: z.string().trim().min(1).max(200),
  description: z.string().max(5000),
};

export const createWorkflow = defineEndpoint({
  ...shared,
  id: "createWorkflow",
  method: "POST",
  path: listPath,
  summary: "Create a workflow",
  params: inProject,
  maxBodyBytes,
  body: z.strictObject({
    integration,
    title: texts.title,
    description: texts.description.optional(),
    definition: DraftDefinition.optional(),
  }),
  status: 201,
  response: Workflow,
  errors: ["project_not_found", "integration_not_found"],
});

export const getWorkflow = defineEndpoint({
  ...shared,
  id: "getWorkflow",
  method: "GET",
  path: onePath,
  summary: "A workflow without its draft",
  params: inWorkflow,
  response: Workflow,
  errors: unknown,
});

export const updateWorkflow = defineEndpoint({
  ...shared,
  id: "updateWorkflow",
  method: "PATCH",
  path: onePath,
  summary: "Change what the portal shows of a workflow, its settings and who may use it",
  description: "What is left out stays as it is. Takes effect at once, deployed or not.",
  params: inWorkflow,
  body: z
    .strictObject({
      ...texts,
      infoText: z.string().max(5000).nullable(),
      userSettings: z.array(SettingInput).max(100),
      defaultEnabled: z.boolean(),
      hidden: z.boolean(),
      permissions: Condition.nullable(),
    })
    .partial(),
  response: Workflow,
  errors: unknown,
});

export const reorderWorkflows = defineEndpoint({
  ...shared,
  id: "reorderWorkflows",
  method: "PUT",
  path: `${projectPath}/integrations/{type}/workflow-order`,
  summary: "Put an integration's workflows into an order; those not named come after",
  params: inProject.extend({ type: integration }),
  body: z.strictObject({ workflowIds: z.array(z.uuid()).max(1000) }),
  response: z.object({ workflows: z.array(Workflow) }),
  errors: ["project_not_found", "integration_not_found", "workflow_not_found"],
});

export const deleteWorkflow = defineEndpoint({
  ...shared,
  id: "deleteWorkflow",
  method: "DELETE",
  path: onePath,
  summary: "Delete a workflow and cancel its runs; their history stays",
  params: inWorkflow,
  response: z.object({ cancelledRuns: z.int() }),
  errors: unknown,
});

export const getDraft = defineEndpoint({
  ...shared,
  id: "getDraft",
  method: "GET",
  path: `${onePath}/draft`,
  summary: "The draft with its problems",
  params: inWorkflow,
  response: Draft,
  errors: unknown,
});

export const putDraft = defineEndpoint({
  ...shared,
  id: "putDraft",
  method: "PUT",
  path: `${onePath}/draft`,
  summary: "Save the draft",
  description:
    "`revision` is that of the draft which was changed; where somebody else saved meanwhile the answer is " +
    "`conflict` with `meta.currentRevision`. The live version stays as it is until the next deploy.",
  params: inWorkflow,
  maxBodyBytes,
  body: z.strictObject({ revision: z.int(), definition: DraftDefinition }),
  response: Draft,
  errors: [...unknown, "conflict", "payload_too_large"],
});

export const getProblems = defineEndpoint({
  ...shared,
  id: "getProblems",
  method: "GET",
  path: `${onePath}/problems`,
  summary: "What is wrong with the draft, by step and field",
  params: inWorkflow,
  response: Draft.pick({ revision: true, problems: true }),
  errors: unknown,
});

export const deployWorkflow = defineEndpoint({
  ...shared,
  id: "deployWorkflow",
  method: "POST",
  path: `${onePath}/deploy`,
  summary: "Make the draft an immutable version and start runs with it from now on",
  description: "`workflow_invalid` carries the problems as `meta.problems`.",
  params: inWorkflow,
  body: z
    .strictObject({
      revision: z.int().optional(),
      name: z.string().trim().min(1).max(200).optional(),
    })
    .prefault({}),
  response: Workflow,
  errors: [...unknown, "workflow_invalid", "conflict"],
});

export const undeployWorkflow = defineEndpoint({
  ...shared,
  id: "undeployWorkflow",
  method: "POST",
  path: `${onePath}/undeploy`,
  summary: "Start no more runs; those under way go on",
  params: inWorkflow,
  response: Workflow,
  errors: unknown,
});

export const listVersions = defineEndpoint({
  ...shared,
  id: "listVersions",
  method: "GET",
  path: `${onePath}/versions`,
  summary: "Versions, newest first",
  params: inWorkflow,
  query: z.object({
    show: z.enum(["all", "named", "saved", "deployed"]).default("all"),
    limit: queryInt(1, 200).default(50),
    before: queryInt(1, 2_147_483_647)
      .optional()
      .meta({ description: "Number of the last version of the page before." }),
  }),
  response: z.object({ versions: z.array(Version) }),
  errors: unknown,
});

const inVersion = inWorkflow.extend({ versionId: z.uuid() });

export const getVersion = defineEndpoint({
  ...shared,
  id: "getVersion",
  method: "GET",
  path: `${onePath}/versions/{versionId}`,
  summary: "A version with its definition",
  params: inVersion,
  response: Version.extend({ definition: DraftDefinition }),
  errors: [...unknown, "version_not_found"],
});

export const saveVersion = defineEndpoint({
  ...shared,
  id: "saveVersion",
  method: "POST",
  path: `${onePath}/versions`,
  summary: "Keep the draft as it is now, under a name",
  params: inWorkflow,
  body: z.strictObject({ name: z.string().trim().min(1).max(200) }),
  status: 201,
  response: Version,
  errors: unknown,
});

export const restoreVersion = defineEndpoint({
  ...shared,
  id: "restoreVersion",
  method: "POST",
  path: `${onePath}/versions/{versionId}/restore`,
  summary: "Put a version into the draft; the draft as it was is kept as a version",
  params: inVersion,
  response: Draft,
  errors: [...unknown, "version_not_found"],
});

export const exportWorkflow = defineEndpoint({
  ...shared,
  id: "exportWorkflow",
  method: "GET",
  path: `${onePath}/export`,
  summary: "The draft or a version as JSON that import takes",
  params: inWorkflow,
  query: z.object({
    format: z.enum(["tenon", "paragon"]).default("tenon").meta({
      description: "Ours, or the compiled form of Paragon's build.json.",
    }),
    versionId: z.uuid().optional(),
  }),
  response: z.unknown(),
  errors: [...unknown, "version_not_found"],
});

export const importWorkflow = defineEndpoint({
  ...shared,
  id: "importWorkflow",
  method: "POST",
  path: `${listPath}/import`,
  summary: "Make a workflow of an exported one, ours or Paragon's",
  params: inProject,
  maxBodyBytes,
  body: z.strictObject({ integration, document: z.unknown() }),
  status: 201,
  response: Imported,
  errors: ["project_not_found", "integration_not_found", "payload_too_large"],
});

export const copyWorkflow = defineEndpoint({
  ...shared,
  id: "copyWorkflow",
  method: "POST",
  path: `${onePath}/copy`,
  summary: "Copy the draft, to this project or another one that the API key is good for",
  params: inWorkflow,
  body: z.strictObject({ projectId: z.uuid().optional() }).prefault({}),
  status: 201,
  response: Imported,
  errors: [...unknown, "integration_not_found"],
});

const inIntegration = inProject.extend({ type: integration });
const settingsPath = `${projectPath}/integrations/{type}/user-settings` as const;

export const getIntegrationSettings = defineEndpoint({
  ...shared,
  id: "getIntegrationUserSettings",
  method: "GET",
  path: settingsPath,
  summary: "What a connected user fills in for the whole integration",
  params: inIntegration,
  response: z.object({ inputs: z.array(SettingInput) }),
  errors: ["project_not_found", "integration_not_found"],
});

export const putIntegrationSettings = defineEndpoint({
  ...shared,
  id: "putIntegrationUserSettings",
  method: "PUT",
  path: settingsPath,
  summary: "Replace what a connected user fills in for the whole integration",
  params: inIntegration,
  body: z.strictObject({ inputs: z.array(SettingInput).max(100) }),
  response: z.object({ inputs: z.array(SettingInput) }),
  errors: ["project_not_found", "integration_not_found"],
});

export const workflowEndpoints = [
  listWorkflows,
  createWorkflow,
  importWorkflow,
  getWorkflow,
  updateWorkflow,
  deleteWorkflow,
  reorderWorkflows,
  getDraft,
  putDraft,
  getProblems,
  deployWorkflow,
  undeployWorkflow,
  listVersions,
  getVersion,
  saveVersion,
  restoreVersion,
  exportWorkflow,
  copyWorkflow,
  getIntegrationSettings,
  putIntegrationSettings,
] as const;
