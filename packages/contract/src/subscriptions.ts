import { Condition } from "@tenon/workflow";
import * as z from "zod";
import { Cursor, inProject, Instant, projectPath, queryInt, UserId } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

const shared = { tag: "Subscriptions", auth: "apiKey" } as const;
const path = `${projectPath}/subscriptions` as const;
const onePath = `${path}/{subscriptionId}` as const;
const deliveryPath = `${onePath}/deliveries/{deliveryId}` as const;
const inSubscription = inProject.extend({ subscriptionId: z.uuid() });
const inDelivery = inSubscription.extend({ deliveryId: z.uuid() });
const unknown = ["project_not_found", "subscription_not_found"] as const;
const unknownDelivery = [...unknown, "delivery_not_found"] as const;

const JsonObject = z.record(z.string(), z.unknown());

/** Facts of the customer's own that are sent along. */
export const SubscriptionMetadata = JsonObject.refine(
  (metadata) => JSON.stringify(metadata).length <= 10_000,
  "must be at most 10,000 characters of JSON",
);
/** Where a subscription sends to. */
export const SubscriptionUrl = z
  .string()
  .min(1)
  .max(2_000)
  .meta({ description: "https; http too while developing. Private addresses are not sent to." });
/** Headers of the customer's own. */
export const SubscriptionHeaders = z
  .record(z.string(), z.string())
  .meta({ description: "Sent along, such as Authorization. Sealed; never shown again." });

const Status = z.enum(["active", "disabled"]);

const fields = {
  input: JsonObject.meta({ description: "What narrows the trigger, by its inputs' ids." }),
  condition: Condition.nullable().meta({
    description: "Told is only what it holds for. Refers to the payload: `{{trigger.result.id}}`.",
  }),
  ignoreOwn: z.boolean().meta({
    description: "What nobody but the connection itself changed is not told.",
  }),
  catchUp: z.boolean().meta({
    description: "What happens while it is disabled is told when it is enabled again.",
  }),
  url: SubscriptionUrl,
  headers: SubscriptionHeaders,
  metadata: SubscriptionMetadata,
};

export const Subscription = z
  .object({
    id: z.uuid(),
    userId: UserId,
    integration: z.string(),
    trigger: z.string(),
    type: z.string().meta({ description: "As it is sent, such as `NOTION_PAGE_CREATED`." }),
    connectionId: z.uuid(),
    input: JsonObject,
    condition: Condition.nullable(),
    ignoreOwn: z.boolean(),
    catchUp: z.boolean(),
    url: z.string(),
    headerNames: z.array(z.string()),
    metadata: JsonObject,
    status: Status,
    disabledReason: z.enum(["requested", "gone", "failing"]).nullable().meta({
      description:
        "By request; because the receiver answered 410; or because nothing was delivered for five days.",
    }),
    dateDisabled: z.iso.datetime().nullable(),
    dateFailingSince: z.iso.datetime().nullable().meta({
      description: "Nothing was delivered since then, and something was tried.",
    }),
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "Subscription" });
export type Subscription = z.output<typeof Subscription>;

const Secret = z.object({
  secret: z.string().meta({ description: "`whsec_…`, as Standard Webhooks has it." }),
});

const DeliveryStatus = z.enum(["pending", "delivered", "failed"]);

export const DeliveryAttempt = z.object({
  at: z.iso.datetime(),
  durationMs: z.int(),
  status: z.int().nullable().meta({ description: "Null: no answer came." }),
  error: z.string().nullable(),
  response: z.string().meta({ description: "How the answer begins, without secrets." }),
});

const deliveryFields = {
  id: z.uuid().meta({ description: "The `webhook-id` that it is sent with." }),
  changeId: z.uuid().nullable(),
  test: z.boolean(),
  status: DeliveryStatus,
  attemptCount: z.int().meta({ description: "Since it was made, or replayed last." }),
  dateNextAttempt: z.iso.datetime().nullable(),
  dateCreated: z.iso.datetime(),
  dateFinished: z.iso.datetime().nullable(),
};

export const DeliverySummary = z
  .object({ ...deliveryFields, lastAttempt: DeliveryAttempt.nullable() })
  .meta({ id: "DeliverySummary" });
export type DeliverySummary = z.output<typeof DeliverySummary>;

export const Delivery = z
  .object({
    ...deliveryFields,
    attempts: z.array(DeliveryAttempt).meta({ description: "The last 50, oldest first." }),
    body: z.unknown().meta({ description: "What is sent." }),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.output<typeof Delivery>;

export const listSubscriptions = defineEndpoint({
  ...shared,
  id: "listSubscriptions",
  method: "GET",
  path,
  summary: "List subscriptions, newest first",
  params: inProject,
  query: z.object({
    userId: UserId.optional(),
    integration: z.string().max(100).optional(),
    trigger: z.string().max(200).optional(),
    status: Status.optional(),
    limit: queryInt(1, 100).default(50),
    cursor: Cursor.optional(),
  }),
  response: z.object({
    subscriptions: z.array(Subscription),
    nextCursor: z.string().nullable(),
  }),
  errors: ["project_not_found", "user_not_found", "integration_not_found"],
});

export const createSubscription = defineEndpoint({
  ...shared,
  id: "createSubscription",
  method: "POST",
  path,
  summary: "Have a URL of yours told what a trigger sees on a user's account",
  description:
    "Told is what happens from now on. The answer is the first of two places that show the secret.",
  params: inProject,
  body: z.strictObject({
    userId: UserId,
    integration: z.string().min(1).max(100),
    connection: z.string().min(1).max(500).optional().meta({
      description: "A connection's id or externalId; without it the oldest valid one.",
    }),
    trigger: z.string().min(1).max(200).meta({
      description: "Its id or its type: `page-created` or `NOTION_PAGE_CREATED`.",
    }),
    ...fields,
    input: fields.input.default({}),
    condition: fields.condition.default(null),
    ignoreOwn: fields.ignoreOwn.default(false),
    catchUp: fields.catchUp.default(false),
    headers: fields.headers.default({}),
    metadata: fields.metadata.default({}),
  }),
  status: 201,
  response: Subscription.extend(Secret.shape).meta({ id: "NewSubscription" }),
  errors: [
    "project_not_found",
    "user_not_found",
    "integration_not_found",
    "integration_inactive",
    "connection_not_found",
    "trigger_not_found",
  ],
});

export const getSubscription = defineEndpoint({
  ...shared,
  id: "getSubscription",
  method: "GET",
  path: onePath,
  summary: "Retrieve a subscription",
  params: inSubscription,
  response: Subscription,
  errors: unknown,
});

export const updateSubscription = defineEndpoint({
  ...shared,
  id: "updateSubscription",
  method: "PATCH",
  path: onePath,
  summary: "Change a subscription, disable it or enable it again",
  description:
    "What is left out stays. While it is disabled nothing is sent. Enabled again it goes on with what waited and " +
    "what it missed where it catches up; else what waited has failed, and can be replayed.",
  params: inSubscription,
  body: z.strictObject({ ...fields, status: Status }).partial(),
  response: Subscription,
  errors: unknown,
});

export const deleteSubscription = defineEndpoint({
  ...shared,
  id: "deleteSubscription",
  method: "DELETE",
  path: onePath,
  summary: "Delete a subscription with its deliveries",
  params: inSubscription,
  errors: unknown,
});

export const getSubscriptionSecret = defineEndpoint({
  ...shared,
  id: "getSubscriptionSecret",
  method: "GET",
  path: `${onePath}/secret`,
  summary: "The secret that deliveries are signed with",
  params: inSubscription,
  response: Secret,
  errors: unknown,
});

export const rotateSubscriptionSecret = defineEndpoint({
  ...shared,
  id: "rotateSubscriptionSecret",
  method: "POST",
  path: `${onePath}/secret/rotate`,
  summary: "Replace the secret; the old one signs nothing more",
  params: inSubscription,
  response: Secret,
  errors: unknown,
});

export const testSubscription = defineEndpoint({
  ...shared,
  id: "testSubscription",
  method: "POST",
  path: `${onePath}/test`,
  summary: 'Send the trigger\'s sample, marked with `"test": true`',
  params: inSubscription,
  status: 202,
  response: Delivery,
  errors: [...unknown, "subscription_disabled"],
});

export const replayFailedDeliveries = defineEndpoint({
  ...shared,
  id: "replayFailedDeliveries",
  method: "POST",
  path: `${onePath}/replay`,
  summary: "Send again what failed and was made in a time",
  params: inSubscription,
  body: z.strictObject({ from: Instant, to: Instant }),
  status: 202,
  response: z.object({ replayed: z.int() }),
  errors: [...unknown, "subscription_disabled"],
});

export const listDeliveries = defineEndpoint({
  ...shared,
  id: "listDeliveries",
  method: "GET",
  path: `${onePath}/deliveries`,
  summary: "List a subscription's deliveries of the last 30 days, newest first",
  params: inSubscription,
  query: z.object({
    status: DeliveryStatus.optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    limit: queryInt(1, 100).default(50),
    cursor: Cursor.optional(),
  }),
  response: z.object({
    deliveries: z.array(DeliverySummary),
    nextCursor: z.string().nullable(),
  }),
  errors: unknown,
});

export const getDelivery = defineEndpoint({
  ...shared,
  id: "getDelivery",
  method: "GET",
  path: deliveryPath,
  summary: "A delivery with its attempts and what is sent",
  params: inDelivery,
  response: Delivery,
  errors: unknownDelivery,
});

export const replayDelivery = defineEndpoint({
  ...shared,
  id: "replayDelivery",
  method: "POST",
  path: `${deliveryPath}/replay`,
  summary: "Send a delivery again now, with the same `webhook-id`",
  params: inDelivery,
  status: 202,
  response: Delivery,
  errors: [...unknownDelivery, "subscription_disabled"],
});

export const subscriptionEndpoints = [
  listSubscriptions,
  createSubscription,
  getSubscription,
  updateSubscription,
  deleteSubscription,
  getSubscriptionSecret,
  rotateSubscriptionSecret,
  testSubscription,
  replayFailedDeliveries,
  listDeliveries,
  getDelivery,
  replayDelivery,
] as const;
