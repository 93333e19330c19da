import { randomUUID } from "node:crypto";
import type { ProjectSealer, Sealer } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type { Delivery, DeliveryFilter, DeliveryPage } from "./delivery.ts";
import { toBody } from "./delivery-body.ts";
import { checkTriggerInput, findTrigger } from "./find-trigger.ts";
import { parseAddress, parseHeaders } from "./receiver.ts";
import { openHeaders, openSecret, sealHeaders, sealSecret } from "./seal-subscription.ts";
import { createSecret } from "./signature.ts";
import type {
  NewSubscription,
  Subscription,
  SubscriptionChange,
  SubscriptionFilter,
  SubscriptionPage,
  SubscriptionScope,
} from "./subscription.ts";
import { checkCondition } from "./subscription-condition.ts";
import { subscriptionError, unknownSubscription } from "./subscription-error.ts";
import type {
  DeliveryStore,
  StoredSubscription,
  StoredSubscriptionChange,
  SubscriptionStore,
} from "./subscription-store.ts";

/** The account that a subscription is about. */
export interface SubscriptionAccount {
  projectId: string;
  /** Id of the connected user. */
  userId: string;
  integrationId: string;
  connectorId: string;
  connectionId: string;
}

/** What subscriptions are managed with. Throws {@link SubscriptionErrorCode}. */
export interface Subscriptions {
  /** The secret is in this answer, and in that of {@link readSecret}. */
  create(
    account: SubscriptionAccount,
    subscription: NewSubscription,
  ): Promise<{ subscription: Subscription; secret: string }>;
  /** Newest first. */
  list(scope: SubscriptionScope, filter: SubscriptionFilter): Promise<SubscriptionPage>;
  get(scope: SubscriptionScope, id: string): Promise<Subscription>;
  /** Enabling forgets what it failed before; see {@link SubscriptionStore.update}. */
  update(scope: SubscriptionScope, id: string, change: SubscriptionChange): Promise<Subscription>;
  remove(scope: SubscriptionScope, id: string): Promise<void>;
  readSecret(scope: SubscriptionScope, id: string): Promise<string>;
  /** From now on only the new one signs. */
  rotateSecret(scope: SubscriptionScope, id: string): Promise<string>;
  /** Sends the trigger's sample, marked as a test. */
  sendTest(scope: SubscriptionScope, id: string): Promise<Delivery>;
  listDeliveries(
    scope: SubscriptionScope,
    id: string,
    filter: DeliveryFilter,
  ): Promise<DeliveryPage>;
  getDelivery(scope: SubscriptionScope, id: string, deliveryId: string): Promise<Delivery>;
  /** Sends it again now, under the same id. */
  replay(scope: SubscriptionScope, id: string, deliveryId: string): Promise<Delivery>;
  /** Sends again what failed and was made in this time; answers how many. */
  replayFailed(
    scope: SubscriptionScope,
    id: string,
    time: { from: Date; to: Date },
  ): Promise<number>;
}

export interface SubscriptionsOptions {
  subscriptions: SubscriptionStore;
  deliveries: DeliveryStore;
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  /** Looks at the account as it is, so that nothing older is told. Never throws. */
  prepare(connectionId: string): Promise<void>;
  /** There may be something to send. */
  wake(): void;
  httpsOnly: boolean;
}

/** Creates what subscriptions are managed with. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  return { ...createKeeping(options), ...createSecrets(options), ...createDeliveries(options) };
}

type Keeping = Pick<Subscriptions, "create" | "list" | "get" | "update" | "remove">;

function createKeeping(options: SubscriptionsOptions): Keeping {
  const { subscriptions, connectors, sealer, prepare, wake, httpsOnly } = options;
  const require = createFinder(options);

  return {
    async create(account, asked) {
      const trigger = findTrigger(connectors.get(account.connectorId), asked.trigger);
      checkTriggerInput(trigger, asked.input);
      if (asked.condition) checkCondition(asked.condition);
      const url = parseAddress(asked.url, { httpsOnly });
      const headers = parseHeaders(asked.headers);
      const id = randomUUID();
      const secret = createSecret();
      const projectSealer = await sealer.forProject(account.projectId);
      await prepare(account.connectionId);
      const stored = await subscriptions.create({
        ...asked,
        ...account,
        id,
        triggerId: trigger.id,
        url,
        sealedHeaders: sealHeaders(projectSealer, id, headers),
        sealedSecret: sealSecret(projectSealer, id, secret),
      });
      if (stored) return { subscription: present(projectSealer, stored), secret };
      throw subscriptionError(
        "connection_not_found",
        "The account was disconnected meanwhile. Connect it again.",
      );
    },

    async list(scope, filter) {
      const page = await subscriptions.list(scope, filter);
      const projectSealer = await sealer.forProject(scope.projectId);
      return {
        ...page,
        subscriptions: page.subscriptions.map((one) => present(projectSealer, one)),
      };
    },

    async get(scope, id) {
      return present(await sealer.forProject(scope.projectId), await require(scope, id));
    },

    async update(scope, id, change) {
      const current = await require(scope, id);
      const projectSealer = await sealer.forProject(scope.projectId);
      const checked = checkChange(options, { current, change, projectSealer });
      const isEnabled = change.status === "active" && current.status === "disabled";
      if (isEnabled && !(change.catchesUp ?? current.catchesUp)) {
        await prepare(current.connectionId);
      }
      const stored = await subscriptions.update(scope, id, checked);
      if (!stored) throw unknownSubscription(id);
      if (isEnabled) wake();
      return present(projectSealer, stored);
    },

    async remove(scope, id) {
      if (!(await subscriptions.remove(scope, id))) throw unknownSubscription(id);
    },
  };
}

function checkChange(
  { connectors, httpsOnly }: SubscriptionsOptions,
  {
    current,
    change,
    projectSealer,
  }: { current: StoredSubscription; change: SubscriptionChange; projectSealer: ProjectSealer },
): StoredSubscriptionChange {
  const { headers, url, ...rest } = change;
  if (rest.input) {
    const trigger = findTrigger(connectors.get(current.connectorId), current.triggerId);
    checkTriggerInput(trigger, rest.input);
  }
  if (rest.condition) checkCondition(rest.condition);
  return {
    ...rest,
    ...(url !== undefined && { url: parseAddress(url, { httpsOnly }) }),
    ...(headers && {
      sealedHeaders: sealHeaders(projectSealer, current.id, parseHeaders(headers)) ?? null,
    }),
  };
}

type Secrets = Pick<Subscriptions, "readSecret" | "rotateSecret">;

function createSecrets(options: SubscriptionsOptions): Secrets {
  const { subscriptions, sealer } = options;
  const require = createFinder(options);
  return {
    async readSecret(scope, id) {
      const stored = await require(scope, id);
      return openSecret(await sealer.forProject(scope.projectId), stored);
    },

    async rotateSecret(scope, id) {
      const current = await require(scope, id);
      const secret = createSecret();
      const projectSealer = await sealer.forProject(scope.projectId);
      const sealedSecret = sealSecret(projectSealer, current.id, secret);
      if (!(await subscriptions.update(scope, id, { sealedSecret }))) throw unknownSubscription(id);
      return secret;
    },
  };
}

type Deliveries = Pick<
  Subscriptions,
  "sendTest" | "listDeliveries" | "getDelivery" | "replay" | "replayFailed"
>;

function createDeliveries(options: SubscriptionsOptions): Deliveries {
  const { deliveries, connectors, wake } = options;
  const require = createFinder(options);

  async function requireActive(scope: SubscriptionScope, id: string) {
    const stored = await require(scope, id);
    if (stored.status === "active") return stored;
    throw subscriptionError(
      "subscription_disabled",
      `The subscription ${id} is disabled (${stored.disabledReason}). Enable it first, with { "status": "active" }.`,
    );
  }

  return {
    async sendTest(scope, id) {
      const stored = await requireActive(scope, id);
      const trigger = findTrigger(connectors.get(stored.connectorId), stored.triggerId);
      const event = { type: trigger.intent, at: new Date(), data: trigger.sample, isTest: true };
      const deliveryId = randomUUID();
      const delivery = await deliveries.createTest({
        id: deliveryId,
        projectId: stored.projectId,
        subscriptionId: stored.id,
        changeId: deliveryId,
        body: toBody(stored, event),
      });
      wake();
      return delivery;
    },

    async listDeliveries(scope, id, filter) {
      const { id: subscriptionId } = await require(scope, id);
      return deliveries.list(subscriptionId, filter);
    },

    async getDelivery(scope, id, deliveryId) {
      const stored = await require(scope, id);
      const found = await deliveries.find(stored.id, deliveryId);
      if (found) return found;
      throw unknownDelivery(deliveryId);
    },

    async replay(scope, id, deliveryId) {
      const stored = await requireActive(scope, id);
      const replayed = await deliveries.replay(stored.id, deliveryId);
      if (!replayed) throw unknownDelivery(deliveryId);
      wake();
      return replayed;
    },

    async replayFailed(scope, id, time) {
      const stored = await requireActive(scope, id);
      const count = await deliveries.replayFailed(stored.id, time);
      wake();
      return count;
    },
  };
}

function createFinder({ subscriptions }: SubscriptionsOptions) {
  return async (scope: SubscriptionScope, id: string): Promise<StoredSubscription> => {
    const stored = await subscriptions.find(scope, id);
    if (stored) return stored;
    throw unknownSubscription(id);
  };
}

function unknownDelivery(id: string) {
  return subscriptionError("delivery_not_found", `The subscription has no delivery "${id}".`);
}

/** Without what is secret. */
function present(sealer: ProjectSealer, stored: StoredSubscription): Subscription {
  const { sealedHeaders, sealedSecret: _secret, ...shown } = stored;
  const headerNames = Object.keys(openHeaders(sealer, { id: stored.id, sealedHeaders }));
  return { ...shown, headerNames };
}
