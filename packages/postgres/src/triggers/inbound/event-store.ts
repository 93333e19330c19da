import type { InboundEventStore, NewInboundEvent, Recorded } from "@tenon/triggers";
import type { ClientConfig } from "pg";
import { createPool } from "../../create-pool.ts";
import { GroupCommit } from "../../group-commit.ts";
import { recordEvents } from "./record-events.ts";

/** How long the database may be away before a provider is told to send its event again. */
const patienceMs = 2_000;
/** Bodies that are written in one statement; one alone may be larger. */
const maxBytes = 4 * 1_048_576;

/**
 * Stores providers' events and which connections they concern. It has connections of its own, so that
 * a provider does not wait behind the work that its events lead to.
 */
export function createInboundEventStore(connectionConfig: ClientConfig): InboundEventStore {
  const pool = createPool(connectionConfig, {
    max: 2,
    onConnect: async (client) => {
      // The plan is made once, perhaps while the tables are empty: it must suit full ones.
      await client.query(
        "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off",
      );
    },
  });
  const commits = new GroupCommit<NewInboundEvent, Recorded>(
    async (events, isRepeat) => {
      const recorded: Recorded[] = [];
      for (const part of splitBySize(events)) {
        recorded.push(...(await recordEvents(pool, part, isRepeat)));
      }
      return recorded;
    },
    { patienceMs },
  );
  return {
    record: (event) => commits.add(event),
    async close() {
      await commits.close();
      await pool.end();
    },
  };
}

function splitBySize(events: readonly NewInboundEvent[]): NewInboundEvent[][] {
  const parts: NewInboundEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    bytes += event.body.length;
    if (bytes > maxBytes) {
      parts.push([]);
      bytes = event.body.length;
    }
    parts.at(-1)?.push(event);
  }
  return parts;
}
