import { randomUUID } from "node:crypto";
import type { ActionClient, Connector } from "@tenon/connector";

/**
 * What a trigger would start a run with: the thing in the account that was changed last, as if it
 * were news, so that a test of the steps after it works on something real. The trigger's own sample
 * where the account has nothing, or cannot be asked.
 */
export async function readTriggerSample(
  { triggers, watch }: Connector,
  { triggerId, client }: { triggerId: string; client: ActionClient },
): Promise<unknown> {
  const trigger = triggers.find(({ id }) => id === triggerId);
  const kind = watch?.objects.find((one) => one.kind === trigger?.object);
  if (trigger === undefined || kind === undefined) return {};
  const changes = new Set(trigger.on);
  const since = new Date(0);
  try {
    for await (const page of kind.list?.({ client, since, scope: undefined, changes }) ?? []) {
      const [newest] = page;
      if (newest === undefined) continue;
      const { result, changedAt, changedBy } = newest;
      const authors = changedBy === undefined ? [] : [changedBy];
      const occurredAt = changedAt.toISOString();
      const event = { id: randomUUID(), changes: trigger.on, details: {}, authors, occurredAt };
      return { result, event };
    }
  } catch {
    // A test does not fail because the account cannot be asked; its own steps tell why.
  }
  return trigger.sample;
}
