import { ChangeCache, type ChangeFeed, type Log } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { uuidOf } from "@tenon/runtime";
import type { CompiledCondition } from "@tenon/workflow";
import { type Change, type Listener, outputOf, type Start, type StartPlanner } from "../change.ts";
import { toBody } from "./delivery-body.ts";
import { holdsFor, prepareCondition } from "./subscription-condition.ts";
import type { PlannedSubscription, SubscriptionStore } from "./subscription-store.ts";

export interface SubscriptionPlanner extends StartPlanner {
  close(): void;
}

interface Options {
  subscriptions: Pick<SubscriptionStore, "readPlanned">;
  connectors: ReadonlyMap<string, Connector>;
  changeFeed: ChangeFeed;
  log: Log;
}

interface Held {
  id: string;
  subscription: PlannedSubscription | undefined;
  condition: CompiledCondition | undefined;
}

/**
 * Creates what says which subscriptions are sent a change.
 *
 * - The delivery's id follows from the subscription and the change: planned twice, it is one.
 * - Active subscriptions are held in memory until one changes. That one is not active is read anew
 *   each time: what has just been enabled misses nothing.
 */
export function createSubscriptionPlanner(options: Options): SubscriptionPlanner {
  const { subscriptions, connectors, changeFeed, log } = options;
  const cache = new ChangeCache<Held>({
    feed: changeFeed,
    tagOf: ({ table, id }) => (table === "subscriptions" ? id : undefined),
    tags: ({ id, subscription }) => (subscription?.status === "active" ? [id] : []),
  });

  async function read(ids: readonly string[]): Promise<Map<string, Held>> {
    const missing = ids.filter((id) => cache.peek(id) === undefined);
    let reading: Promise<PlannedSubscription[]> | undefined;
    const load = async (id: string) => {
      const found = await (reading ??= subscriptions.readPlanned(missing));
      return toHeld(
        id,
        found.find((one) => one.id === id),
      );
    };
    const held = await Promise.all(ids.map((id) => cache.get(id, () => load(id))));
    return new Map(held.map((one) => [one.id, one]));
  }

  function intentOf({ id, connectorId, triggerId }: PlannedSubscription): string | undefined {
    const trigger = connectors.get(connectorId)?.triggers.find((one) => one.id === triggerId);
    if (trigger === undefined) {
      log.warn({ subscriptionId: id, triggerId }, "A subscription's trigger is not there any more");
    }
    return trigger?.intent;
  }

  return {
    async plan(change, listeners, matches) {
      const own = listeners.flatMap(toOwn);
      const held = await read(own.map(({ subscriptionId }) => subscriptionId));
      const planned = own.map(async ({ listenerId, subscriptionId }): Promise<Start[]> => {
        const { subscription, condition } = held.get(subscriptionId) ?? {};
        if (subscription?.status !== "active") return [];
        if (subscription.ignoresOwn && change.isOwn) return [];
        if (!(await matches(subscription.triggerId, subscription.input))) return [];
        const data = outputOf(change);
        if (condition && !holdsFor(condition, data)) return [];
        const type = intentOf(subscription);
        if (type === undefined) return [];
        const body = toBody(subscription, { type, at: change.occurredAt, data });
        return [{ listenerId, delivery: toDelivery(subscription, change, body) }];
      });
      return (await Promise.all(planned)).flat();
    },

    async readInputs(_at, listeners) {
      const held = await read(listeners.flatMap(toOwn).map(({ subscriptionId }) => subscriptionId));
      return [...held.values()].flatMap(({ subscription }) =>
        subscription?.status === "active"
          ? [{ triggerId: subscription.triggerId, input: subscription.input }]
          : [],
      );
    },

    close: () => cache.close(),
  };
}

function toOwn({ id, of }: Listener) {
  return of.kind === "subscription" ? [{ listenerId: id, subscriptionId: of.subscriptionId }] : [];
}

function toHeld(id: string, subscription: PlannedSubscription | undefined): Held {
  const condition = subscription?.condition && prepareCondition(subscription.condition);
  return { id, subscription, condition };
}

function toDelivery({ id, projectId }: PlannedSubscription, change: Change, body: string) {
  return {
    id: uuidOf("delivery", id, change.id),
    projectId,
    subscriptionId: id,
    changeId: change.id,
    body,
  };
}
