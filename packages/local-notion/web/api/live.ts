import { createStore, type Store } from "../state/store.ts";

/** What may have changed: pages and all that people see, or webhooks and what is sent to them. */
export type Topic = "pages" | "webhooks";

type Listener = (ids: readonly string[]) => void;

export interface Live {
  /** Whether the server's events reach this page. */
  state: Store<"connecting" | "connected" | "lost">;
  /** Calls back with the ids of what changed; with none, anything may have. */
  onChange(listener: Listener, topic?: Topic): () => void;
  /** Tries again now instead of after the pause. */
  retry(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 5_000;

/**
 * Follows `/_local/events` for as long as the page lives.
 *
 * - A lost stream is opened anew, with growing pauses, until the server is back.
 * - A hidden tab has no stream: browsers allow six connections to a server for all tabs together,
 *   and with a few tabs open the streams would take them all.
 * - The server does not repeat events, so after each gap everything counts as changed.
 */
export function followEvents(workspaceId: () => Promise<string>): Live {
  const state = createStore<"connecting" | "connected" | "lost">("connecting");
  const listeners: Record<Topic, Set<Listener>> = { pages: new Set(), webhooks: new Set() };
  const tell = ({ topic, ids }: Told) => {
    for (const listener of listeners[topic]) listener(ids);
  };
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Which opening is the current one: one that was left meanwhile comes to nothing. */
  let opening = 0;
  let failures = 0;
  let hadGap = false;

  function close(): void {
    opening += 1;
    clearTimeout(timer);
    source?.close();
    source = undefined;
    hadGap = true;
  }

  function open(): void {
    opening += 1;
    const current = opening;
    clearTimeout(timer);
    source?.close();
    source = undefined;
    workspaceId().then(
      (id) => current === opening && listen(id),
      () => current === opening && lose(),
    );
  }

  function listen(id: string): void {
    source = new EventSource(`/_local/events?workspace_id=${id}`);
    source.addEventListener("open", () => {
      failures = 0;
      state.set("connected");
      if (hadGap) for (const topic of ["pages", "webhooks"] as const) tell({ topic, ids: [] });
      hadGap = false;
    });
    source.addEventListener("message", (event) => tell(readEvent(String(event.data))));
    source.addEventListener("error", lose);
  }

  function lose(): void {
    close();
    state.set("lost");
    timer = setTimeout(open, Math.min(firstPauseMs * 2 ** failures, longestPauseMs));
    failures += 1;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();

  return {
    state,
    onChange: (listener, topic = "pages") => {
      listeners[topic].add(listener);
      return () => listeners[topic].delete(listener);
    },
    retry: open,
  };
}

interface Told {
  topic: Topic;
  ids: readonly string[];
}

/** The border of the page: the event's text. One that cannot be read counts as "anything". */
function readEvent(text: string): Told {
  try {
    const { type, ids = [] } = JSON.parse(text) as { type?: string; ids?: string[] };
    return { topic: type === "changed" ? "pages" : "webhooks", ids };
  } catch {
    return { topic: "pages", ids: [] };
  }
}
