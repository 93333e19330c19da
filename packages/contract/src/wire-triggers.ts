import * as z from "zod";
import { Cursor, queryInt } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";
import { SubscriptionHeaders, SubscriptionMetadata, SubscriptionUrl } from "./subscriptions.ts";
import { selectors } from "./wire-workflows.ts";

/**
 * Subscriptions of triggers as Paragon's ActionKit offers them to a user's page, in its words. A user
 * sees the own ones only. Secrets and headers' values are for API keys: no answer has them.
 */
const shared = { tag: "Triggers", auth: "userToken" } as const;
const path = "/projects/{projectId}/trigger-subscriptions" as const;
const onePath = `${path}/{subscriptionId}` as const;
const inProject = z.object({ projectId: z.uuid() });
const inSubscription = inProject.extend({ subscriptionId: z.uuid() });

const Parameters = z.record(z.string(), z.unknown());

export const TriggerSubscription = z
  .object({
    id: z.uuid(),
    integration: z.string(),
    type: z.string(),
    parameters: Parameters,
    credentialId: z.uuid(),
    webhookOverride: z.object({
      url: z.string(),
      headerNames: z.array(z.string()),
      metadata: z.record(z.string(), z.unknown()),
    }),
    status: z.enum(["active", "disabled"]),
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "TriggerSubscription" });
export type TriggerSubscription = z.output<typeof TriggerSubscription>;

const Override = z.looseObject({
  url: SubscriptionUrl.optional(),
  headers: SubscriptionHeaders.optional(),
  metadata: SubscriptionMetadata.optional(),
});

export const createTriggerSubscription = defineEndpoint({
  ...shared,
  id: "createTriggerSubscription",
  method: "POST",
  path,
  summary: "Subscribe a URL to a trigger on the user's account",
  description:
    "There is no address for a whole project: `webhookOverride.url` is needed. Answers when the account is watched.",
  params: inProject,
  headers: selectors.pick({ "x-paragon-credential": true }),
  body: z.looseObject({
    integration: z.string().min(1).max(100).optional(),
    type: z.string().min(1).max(200).meta({ description: "Such as `NOTION_PAGE_CREATED`." }),
    parameters: Parameters.default({}),
    webhookOverride: Override.prefault({}),
  }),
  status: 201,
  response: TriggerSubscription,
  errors: [
    "integration_not_found",
    "integration_inactive",
    "connection_not_found",
    "trigger_not_found",
  ],
});

export const listTriggerSubscriptions = defineEndpoint({
  ...shared,
  id: "listTriggerSubscriptions",
  method: "GET",
  path,
  summary: "The user's subscriptions, newest first",
  params: inProject,
  query: z.object({ limit: queryInt(1, 100).default(100), cursor: Cursor.optional() }),
  response: z.object({
    subscriptions: z.array(TriggerSubscription),
    nextCursor: z.string().nullable(),
  }),
});

export const getTriggerSubscription = defineEndpoint({
  ...shared,
  id: "getTriggerSubscription",
  method: "GET",
  path: onePath,
  summary: "One of the user's subscriptions",
  params: inSubscription,
  response: TriggerSubscription,
  errors: ["subscription_not_found"],
});

export const updateTriggerSubscription = defineEndpoint({
  ...shared,
  id: "updateTriggerSubscription",
  method: "PATCH",
  path: onePath,
  summary: "Change one of the user's subscriptions; what is left out stays",
  params: inSubscription,
  body: z.looseObject({
    parameters: Parameters.optional(),
    webhookOverride: Override.optional(),
    status: z.enum(["active", "disabled"]).optional(),
  }),
  response: TriggerSubscription,
  errors: ["subscription_not_found"],
});

export const deleteTriggerSubscription = defineEndpoint({
  ...shared,
  id: "deleteTriggerSubscription",
  method: "DELETE",
  path: onePath,
  summary: "Delete one of the user's subscriptions",
  params: inSubscription,
  errors: ["subscription_not_found"],
});

export const getTriggerExample = defineEndpoint({
  ...shared,
  id: "getTriggerExample",
  method: "GET",
  path: "/projects/{projectId}/triggers/{type}/example",
  summary: "What a subscription of a trigger is sent, by an example",
  params: inProject.extend({ type: z.string().min(1).max(200) }),
  response: z.object({
    type: z.string(),
    timestamp: z.iso.datetime(),
    data: z.unknown(),
    integration: z.string(),
    user: z.object({ id: z.string() }),
  }),
  errors: ["trigger_not_found"],
});

export const wireTriggerEndpoints = [
  createTriggerSubscription,
  listTriggerSubscriptions,
  getTriggerSubscription,
  updateTriggerSubscription,
  deleteTriggerSubscription,
  getTriggerExample,
] as const;
