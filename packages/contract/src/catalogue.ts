import * as z from "zod";
import { Cursor, inProject, projectPath, UserId } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

/** JSON Schema 2020-12. Fields carry `title`, `description` and, where a form needs it, `ui`. */
const JsonSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: "JsonSchema", description: "JSON Schema 2020-12, with `ui` hints for forms." });

export const CatalogueAction = z.object({
  id: z.string().meta({ description: "What an action step names, such as `create-page`." }),
  intent: z.string().meta({ description: "Paragon's name, such as `NOTION_CREATE_PAGE`." }),
  title: z.string(),
  summary: z.string(),
  effect: z.enum(["read", "write", "destroy"]),
  repeatable: z.boolean().meta({ description: "Twice has the effect of once." }),
  inputSchema: JsonSchema,
  outputSchema: JsonSchema,
});

export const CatalogueTrigger = z.object({
  id: z.string(),
  intent: z.string(),
  title: z.string(),
  summary: z.string(),
  inputSchema: JsonSchema,
  outputSchema: JsonSchema,
});

export const CataloguePicker = z.object({
  id: z.string(),
  title: z.string(),
  needs: z.array(z.string()).meta({ description: "Fields that the choices depend on." }),
});

export const CatalogueConnector = z
  .object({
    type: z.string(),
    title: z.string(),
    brandColor: z.string(),
    icon: z.string().meta({ description: "Address of an SVG." }),
    description: z.string(),
    actions: z.array(CatalogueAction),
    triggers: z.array(CatalogueTrigger),
    pickers: z.array(CataloguePicker),
    shapes: z.array(z.object({ id: z.string(), needs: z.array(z.string()) })),
  })
  .meta({ id: "Connector" });
export type CatalogueConnector = z.output<typeof CatalogueConnector>;

export const listConnectors = defineEndpoint({
  id: "listConnectors",
  method: "GET",
  path: "/api/connectors",
  summary: "Every connector with its actions, triggers and pickers",
  tag: "Catalogue",
  auth: "apiKey",
  response: z.object({ connectors: z.array(CatalogueConnector) }),
});

export const getConnector = defineEndpoint({
  id: "getConnector",
  method: "GET",
  path: "/api/connectors/{type}",
  summary: "A connector with its actions, triggers and pickers",
  tag: "Catalogue",
  auth: "apiKey",
  params: z.object({ type: z.string().max(100) }),
  response: CatalogueConnector,
  errors: ["integration_not_found"],
});

/** Whose account is asked: the user's own choice among several by `connection`. */
export const Account = z.strictObject({
  userId: UserId,
  connection: z.string().min(1).max(500).optional().meta({
    description: "A connection's id, or its externalId; without it the user's first valid one.",
  }),
});
export type Account = z.output<typeof Account>;

const accountErrors = [
  "project_not_found",
  "integration_not_found",
  "user_not_found",
  "connection_not_found",
  "connection_invalid",
  "provider_refused",
  "provider_unavailable",
  "rate_limited",
] as const;

const inIntegration = inProject.extend({ type: z.string().max(100) });

export const listChoices = defineEndpoint({
  id: "listChoices",
  method: "POST",
  path: `${projectPath}/integrations/{type}/choices`,
  summary: "Choices of a picker, from a user's account",
  tag: "Catalogue",
  auth: "apiKey",
  params: inIntegration,
  body: Account.extend({
    picker: z.string().max(100),
    search: z.string().max(500).default(""),
    cursor: Cursor.optional(),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ description: "Values of the fields that the picker needs." }),
  }),
  response: z.object({
    choices: z.array(
      z.object({ value: z.string(), label: z.string(), description: z.string().optional() }),
    ),
    nextCursor: z.string().nullable(),
  }),
  errors: [...accountErrors, "picker_not_found"],
});

export const readShape = defineEndpoint({
  id: "readShape",
  method: "POST",
  path: `${projectPath}/integrations/{type}/shapes`,
  summary: "The fields that only the account knows, such as a data source's properties",
  tag: "Catalogue",
  auth: "apiKey",
  params: inIntegration,
  body: Account.extend({
    shape: z.string().max(100),
    input: z.record(z.string(), z.unknown()).default({}),
  }),
  response: z.object({ schema: JsonSchema }),
  errors: [...accountErrors, "picker_not_found"],
});

export const catalogueEndpoints = [listConnectors, getConnector, listChoices, readShape] as const;
