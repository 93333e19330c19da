import { Condition, type Problem } from "@tenon/workflow";
import * as z from "zod";
import { type SettingInput, SettingInputs } from "./user-setting.ts";

/** A workflow of an integration, without its draft. */
export interface Workflow {
  id: string;
  projectId: string;
  integrationId: string;
  /** Connector of the integration, such as `notion`. */
  connectorId: string;
  title: string;
  description: string;
  /** Shown to the connected user beside the workflow. */
  infoText: string | null;
  /** Where it stands among the integration's workflows, from 0. */
  order: number;
  userSettings: SettingInput[];
  /** Enabled by itself for connections that are made from now on. */
  defaultEnabled: boolean;
  /** Not shown to connected users; by its id it is enabled like any other. */
  hidden: boolean;
  /** Of the user's metadata; who does not fulfil it cannot see, enable or run the workflow. */
  permissions: Condition | null;
  draftRevision: number;
  /** The version that runs are started with. */
  deployed: { versionId: string; number: number; createdAt: Date } | null;
  createdAt: Date;
  updatedAt: Date;
}

const fields = {
  title: z.string().trim().min(1).max(200),
  description: z.string().max(5000),
  infoText: z.string().max(5000).nullable(),
  userSettings: SettingInputs,
  defaultEnabled: z.boolean(),
  hidden: z.boolean(),
  permissions: Condition.nullable(),
};

/** A draft may be unfinished: what is wrong with it are its problems. */
export const DraftDefinition = z.record(z.string(), z.unknown());
export type DraftDefinition = z.output<typeof DraftDefinition>;

/** A draft without a trigger or steps. */
export const emptyDraft: DraftDefinition = { trigger: null, steps: [] };

export const NewWorkflow = z.strictObject({
  title: fields.title,
  description: fields.description.default(""),
  definition: DraftDefinition.optional(),
});
export type NewWorkflow = z.input<typeof NewWorkflow>;

/** What is left out stays as it is. */
export const WorkflowChange = z.strictObject(fields).partial();
export type WorkflowChange = z.input<typeof WorkflowChange>;

/** What the developer edits. Runs never see it, but those that test it. */
export interface Draft {
  workflowId: string;
  /** Rises with each change: saving names the one that was changed. */
  revision: number;
  definition: DraftDefinition;
  problems: Problem[];
}

export const versionKinds = ["deployed", "saved", "automatic", "restored", "test"] as const;
export type VersionKind = (typeof versionKinds)[number];

/** A state of a workflow that is kept for good. */
export interface Version {
  id: string;
  workflowId: string;
  /** 1 for the first; null for the snapshot of a draft that was tested. */
  number: number | null;
  kind: VersionKind;
  /** Given by who saved it. */
  name: string | null;
  /** True of the one that runs are started with. */
  isDeployed: boolean;
  createdAt: Date;
}

export interface VersionDetail extends Version {
  definition: DraftDefinition;
}

export const VersionFilter = z.object({
  /** named: those with a name. saved: saved by hand or by themselves, and restored ones. */
  show: z.enum(["all", "named", "saved", "deployed"]).default("all"),
  limit: z.int().min(1).max(200).default(50),
  /** Number of the last version of the page before. */
  before: z.int().min(1).optional(),
});
export type VersionFilter = z.input<typeof VersionFilter>;
