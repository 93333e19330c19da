import { apiVersions } from "../api/version.ts";
import { newUuid } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { developmentApp } from "../oauth/development-app.ts";
import { newSecret } from "../oauth/tokens.ts";
import type { Pause, Subscription } from "../store/records.ts";
import { array, object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { id, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import { eventTypes } from "../webhooks/event.ts";
import { Later, type ControlCall, type ControlRoute } from "./control-route.ts";

const path = "/_local/webhooks";

/** What the developer of an app does in Notion's settings, where there is no API for it. */
export const webhookRoutes: ControlRoute[] = [
  { method: "GET", path, answer: ({ instance }) => [...instance.store.all("subscriptions")] },
  { method: "POST", path, answer: subscribe },
  { method: "POST", path: `${path}/:id/verify`, answer: verify },
  { method: "POST", path: `${path}/:id/resend`, answer: resend },
  { method: "PATCH", path: `${path}/:id`, answer: change },
  { method: "DELETE", path: `${path}/:id`, answer: unsubscribe },
  {
    method: "GET",
    path: "/_local/webhook-deliveries",
    answer: listDeliveries,
  },
  { method: "POST", path: "/_local/webhook-deliveries/flush", answer: flush },
];

const subscribeRequest = object({
  url: string({ format: { expects: "a valid url", accepts: (text) => URL.canParse(text) } }),
  appId: optional(id()),
  apiVersion: optional(oneOf(apiVersions)),
  eventTypes: optional(nullable(array(oneOf(eventTypes)))),
});

/** The last deliveries; those of one workspace when it is named. */
function listDeliveries({ instance, search }: ControlCall): object {
  const asked = search.get("workspace_id");
  return instance.webhooks.deliveries.filter(
    ({ event }) => asked === null || event["workspace_id"] === asked,
  );
}

/**
 * Makes a subscription and sends its address the token; it waits until that is given back. The
 * answer comes when the address has answered, and tells how that went in `tokenDelivery`.
 */
function subscribe({ instance, body }: ControlCall): object {
  const request = parseBody(subscribeRequest, body);
  const appId = request.appId ?? developmentApp.clientId;
  if (!instance.store.get("apps", appId)) throw missing("app", appId);
  const subscription: Subscription = {
    id: newUuid(),
    appId,
    url: request.url,
    apiVersion: request.apiVersion ?? "2026-03-11",
    eventTypes: request.eventTypes ?? null,
    verificationToken: newSecret("secret_"),
    status: "pending",
    createdTime: instance.clock.now(),
  };
  instance.store.put("subscriptions", subscription);
  return deliverToken(instance, subscription);
}

/** The subscription as it is then: the address may have given the token back on getting it. */
function deliverToken({ store, webhooks }: Instance, subscription: Subscription): Later {
  return new Later(async () => {
    await webhooks.sendToken(subscription);
    return store.get("subscriptions", subscription.id) ?? subscription;
  });
}

function find({ instance, params }: ControlCall): Subscription {
  const subscription = instance.store.get("subscriptions", params["id"] ?? "");
  if (!subscription) throw missing("webhook subscription", params["id"] ?? "");
  return subscription;
}

function missing(what: string, wanted: string): NotionError {
  return new NotionError([404, "object_not_found"], `There is no ${what} ${wanted}.`);
}

const verifyRequest = object({ verification_token: string() });

function verify(call: ControlCall): object {
  const subscription = find(call);
  const { verification_token: token } = parseBody(verifyRequest, call.body);
  if (token !== subscription.verificationToken) {
    throw NotionError.validation("This is not the token that was sent to the webhook's address.");
  }
  const active: Subscription = { ...subscription, status: "active" };
  call.instance.store.put("subscriptions", active);
  return active;
}

function resend(call: ControlCall): object {
  return deliverToken(call.instance, find(call));
}

const changeRequest = object({
  url: optional(string()),
  eventTypes: optional(nullable(array(oneOf(eventTypes)))),
  status: optional(oneOf(["active", "paused"])),
});

/** The address can be changed until it is verified, the event types always. */
function change(call: ControlCall): object {
  const subscription = find(call);
  const request = parseBody(changeRequest, call.body);
  const isPending = subscription.status === "pending";
  if (request.url !== undefined && !isPending) {
    throw NotionError.validation("The address of a verified webhook cannot be changed.");
  }
  if (request.status !== undefined && isPending) {
    throw NotionError.validation("Verify the webhook first.");
  }
  const { pause: before, ...rest } = subscription;
  const pause = request.status === "paused" ? (before ?? pausedNow(call.instance)) : undefined;
  const kept = request.status === undefined ? before : pause;
  const changed: Subscription = { ...rest, ...request, ...(kept ? { pause: kept } : {}) };
  call.instance.store.put("subscriptions", changed);
  return changed;
}

function pausedNow({ clock }: Instance): Pause {
  const time = new Date(clock.now()).toISOString();
  return { reason: "request", time, failures: 0, lastAnswer: null };
}

function unsubscribe(call: ControlCall): object {
  const subscription = find(call);
  call.instance.store.remove("subscriptions", subscription.id);
  return { ok: true };
}

function flush({ instance }: ControlCall): object {
  instance.webhooks.flush();
  return { ok: true };
}
