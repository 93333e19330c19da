import * as z from "zod";
import { operators } from "../condition.ts";

/**
 * Paragon's compiled form of a workflow, as far as its public SDK types and the output of its
 * build command show it. Fields that are in none of them are kept by the schemas, so that an import
 * can name what it does not take.
 */

const path = z.array(z.union([z.string(), z.number()])).default([]);

const credentialField = { type: z.literal("CONNECT_CREDENTIAL_FIELD") };

const CredentialField = z.discriminatedUnion("fieldType", [
  z.object({
    ...credentialField,
    fieldType: z.enum(["WORKFLOW_SETTING", "SHARED_WORKFLOW_SETTING"]),
    inputId: z.string(),
    path,
  }),
  z.object({
    ...credentialField,
    fieldType: z.enum(["EXTERNAL_USER_ID", "EXTERNAL_USER_PROVIDER_ID", "OAUTH_ACCESS_TOKEN"]),
  }),
  z.object({
    ...credentialField,
    fieldType: z.literal("EXTERNAL_USER_PROVIDER_DATA"),
    dataKey: z.string(),
  }),
]);

/** A value that is fixed, or read from one place. */
export const ParagonToken = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("VALUE"),
    value: z.unknown().optional(),
    dataType: z.string().optional(),
  }),
  z.object({
    type: z.literal("VARIABLE"),
    stepId: z.string(),
    path,
    dataType: z.string().optional(),
  }),
  z.object({ type: z.literal("ENVIRONMENT_SECRET"), environmentSecretId: z.string() }),
  CredentialField,
  z.object({ type: z.literal("PERSONA_METADATA"), path }),
  z.object({ type: z.literal("OBJECT_VALUE"), name: z.string(), path }),
  z.object({ type: z.literal("FANOUT_EXECUTION"), stepId: z.string() }),
]);
export type ParagonToken = z.output<typeof ParagonToken>;

/** A value, or a text put together from values. */
export const ParagonSource = z.union([
  ParagonToken,
  z.object({
    type: z.literal("TOKENIZED"),
    parts: z.array(ParagonToken),
    dataType: z.string().optional(),
  }),
]);
export type ParagonSource = z.output<typeof ParagonSource>;

/** Values by name; a name may come twice. */
export const ParagonKeyed = z.array(z.object({ key: z.string(), source: ParagonSource }));
export type ParagonKeyed = z.output<typeof ParagonKeyed>;

const Comparison = z.object({
  type: z.literal("OPERATOR"),
  condition: z.object({
    operator: z.enum(operators),
    variable: ParagonSource,
    argument: ParagonSource.optional(),
  }),
});

export type ParagonCondition =
  | z.output<typeof Comparison>
  | { type: "JOIN"; join: "AND" | "OR"; conditions: ParagonCondition[] };

const Join: z.ZodType<Extract<ParagonCondition, { type: "JOIN" }>> = z.object({
  type: z.literal("JOIN"),
  join: z.enum(["AND", "OR"]),
  get conditions() {
    return z.array(ParagonCondition);
  },
});
export const ParagonCondition: z.ZodType<ParagonCondition> = z.union([Comparison, Join]);

/** One step or trigger. What `parameters` holds depends on the type. */
export const ParagonStep = z.object({
  id: z.string().min(1),
  type: z.string(),
  next: z.string().nullish(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  _migrations: z.object({ name: z.string().optional() }).optional(),
});
export type ParagonStep = z.output<typeof ParagonStep>;

export const ParagonWorkflow = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  steps: z.array(ParagonStep).min(1),
});
export type ParagonWorkflow = z.output<typeof ParagonWorkflow>;

/**
 * How Paragon's names and ids correspond to ours. What a function does not know it answers with
 * undefined; then the name is kept and a note says so.
 */
export interface ParagonMapping {
  /** Of an action's intent, such as NOTION_CREATE_PAGE. */
  toAction(intent: string): { integration: string; action: string } | undefined;
  toIntent(integration: string, action: string): string | undefined;
  /** Of a trigger's intent, such as NOTION_TRIGGER_PAGE_UPDATED. */
  toTrigger?(intent: string): string | undefined;
  toTriggerIntent?(trigger: string): string | undefined;
  /** Name of an environment secret: Paragon refers to it by an id. */
  toSecretName?(environmentSecretId: string): string | undefined;
  toSecretId?(name: string): string | undefined;
}
