import type { ActionClient, Connector } from "@tenon/connector";
import type { Change, Listener, Start, StartPlanner } from "../change.ts";
import { withCachedReads } from "./cached-reads.ts";

interface Asking {
  connector: Connector;
  planners: Readonly<Record<Listener["of"]["kind"], StartPlanner>>;
  /** Calls the provider, for what narrows triggers to parts of the account. */
  client: ActionClient;
  note(about: object, message: string): void;
}

/**
 * What a change starts for those of the listeners whom it concerns. Throws where that cannot be told
 * now.
 */
export async function askListeners(
  change: Change,
  listeners: readonly Listener[],
  asking: Asking,
): Promise<Start[]> {
  const { connector, planners } = asking;
  const asked = listeners.filter((one) => concerns(connector, one, change));
  if (asked.length === 0) return [];
  const client = withCachedReads(asking.client);
  const matches = (triggerId: string, input: Readonly<Record<string, unknown>>) =>
    matchesInput(change, { triggerId, input }, { ...asking, client });
  const starts: Start[] = [];
  for (const [kind, own] of Map.groupBy(asked, ({ of }) => of.kind)) {
    starts.push(...(await planners[kind].plan(change, own, matches)));
  }
  return starts;
}

function concerns(connector: Connector, listener: Listener, change: Change): boolean {
  const trigger = connector.triggers.find(({ id }) => id === listener.triggerId);
  if (trigger === undefined || trigger.object !== change.object.kind) return false;
  if (listener.pausedAt !== undefined || listener.behindSince !== undefined) return false;
  if (!trigger.on.some((one) => change.changes.includes(one))) return false;
  const precisionMs = precisionOf(connector, change);
  return change.occurredAt.getTime() + precisionMs > listener.since.getTime();
}

const clockSkewMs = 2_000;

/** A time that the provider told to the millisecond is taken at its word, but for the clocks. */
function precisionOf({ watch }: Connector, { object, occurredAt }: Change): number {
  const kind = watch?.objects.find((one) => one.kind === object.kind);
  const precisionMs = kind?.precisionMs ?? 0;
  return occurredAt.getTime() % Math.max(1, precisionMs) === 0 ? precisionMs : clockSkewMs;
}

async function matchesInput(
  { changes, details, result }: Change,
  ask: { triggerId: string; input: Readonly<Record<string, unknown>> },
  { connector, client, note }: Asking,
): Promise<boolean> {
  const trigger = connector.triggers.find(({ id }) => id === ask.triggerId);
  const parsed = trigger?.input.safeParse(ask.input);
  if (trigger === undefined || parsed === undefined) return false;
  if (!parsed.success) {
    const about = { triggerId: trigger.id, issues: parsed.error.issues };
    note(about, "A trigger's input cannot be used, so it starts nothing");
    return false;
  }
  const asked = { input: parsed.data, client, changes, details, result };
  return trigger.matches === undefined || trigger.matches(asked);
}
