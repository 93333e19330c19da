import type { WatchSession } from "./watch-session.ts";
import { ListenersChanged, type WatchCommit, type WatchStore } from "./watch-store.ts";

const pageSize = 100;

/**
 * Tells listeners that go on after a pause what happened meanwhile. What a listener was told before
 * it was paused leads to the same runs and deliveries, so that nothing is told twice.
 */
export async function catchUp(session: WatchSession, store: WatchStore): Promise<void> {
  const { watch } = session;
  const client = session.client("workflow");
  const behind = session.listeners.filter(({ behindSince }) => behindSince !== undefined);
  for (const listener of behind) {
    const { behindSince } = listener;
    if (behindSince === undefined || listener.pausedAt !== undefined) continue;
    const asked = [{ ...listener, behindSince: undefined }];
    let from = behindSince;
    let after: string | undefined;
    for (;;) {
      const page = await store.readChanges(watch.connectionId, { from, after, limit: pageSize });
      const changes = [];
      for (const change of page) {
        changes.push({ change, starts: await session.plan(change, client, asked) });
      }
      const isLast = page.length < pageSize;
      const caughtUp = isLast ? listener.id : undefined;
      await commitFor(session, store, { changes, caughtUp });
      const last = page.at(-1);
      if (isLast || last === undefined) break;
      from = last.foundAt;
      after = last.id;
    }
  }
  if (behind.length > 0) await session.renewListeners();
}

/** It is about one listener alone: that others began to listen makes no difference. */
async function commitFor(
  session: WatchSession,
  store: WatchStore,
  found: Pick<WatchCommit, "changes" | "caughtUp">,
): Promise<void> {
  try {
    await store.commit({ ...session.nothing(), ...found });
  } catch (error) {
    if (!(error instanceof ListenersChanged)) throw error;
    await session.renewListeners();
    await commitFor(session, store, found);
  }
}
