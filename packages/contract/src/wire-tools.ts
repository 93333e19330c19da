import * as z from "zod";
import { defineEndpoint } from "./endpoint.ts";
import { selectors } from "./wire-workflows.ts";

/** Actions one at a time, as Paragon's ActionKit offers them to a user's agent or page. */
const shared = {
  tag: "Actions",
  auth: "userToken",
  params: z.object({ projectId: z.uuid() }),
} as const;

const listing = {
  ...shared,
  method: "GET",
  query: z.object({
    format: z.enum(["json_schema", "paragon"]).default("json_schema"),
    limit_to_available: z
      .stringbool()
      .default(true)
      .meta({ description: "Only integrations that the user has connected." }),
    integrations: z.string().max(2000).optional().meta({ description: "Separated by commas." }),
    categories: z.string().max(2000).optional().meta({ description: "Accepted; changes nothing." }),
  }),
  response: z.object({
    actions: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).meta({
      description:
        "By integration: functions with JSON Schema parameters, or with `format=paragon` their inputs as forms " +
        "show them.",
    }),
    errors: z.array(z.object({ integration: z.string(), message: z.string() })),
  }),
} as const;

export const listTools = defineEndpoint({
  ...listing,
  id: "listTools",
  path: "/projects/{projectId}/tools",
  summary: "The actions that can be run for the user, as tools for a model",
});

export const listActions = defineEndpoint({
  ...listing,
  id: "listActions",
  path: "/projects/{projectId}/actions",
  summary: "As listTools",
});

const running = {
  ...shared,
  method: "POST",
  description:
    "Answers the action's output. What the provider refuses is `action_failed`, with `meta.failure` and what the " +
    "provider said.",
  headers: selectors.pick({ "x-paragon-credential": true }),
  body: z.looseObject({
    action: z.string().min(1).max(200).meta({ description: "Such as `NOTION_CREATE_PAGE`." }),
    parameters: z.record(z.string(), z.unknown()).default({}),
  }),
  response: z.unknown(),
  errors: [
    "action_not_found",
    "action_failed",
    "connection_not_found",
    "connection_invalid",
    "integration_inactive",
    "provider_unavailable",
    "provider_timeout",
    "rate_limited",
  ],
} as const;

export const runTool = defineEndpoint({
  ...running,
  id: "runTool",
  path: "/projects/{projectId}/tools",
  summary: "Run one action for the user",
});

export const runAction = defineEndpoint({
  ...running,
  id: "runAction",
  path: "/projects/{projectId}/actions",
  summary: "As runTool",
});

export const toolEndpoints = [listTools, listActions, runTool, runAction] as const;
