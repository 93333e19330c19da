import { createStore, type Store } from "../state/store.ts";

export interface Live {
  /** Whether the server's events reach this page. */
  state: Store<"connecting" | "connected" | "lost">;
  /** Calls back with the ids of what changed; with none, anything may have. */
  onChange(listener: (ids: readonly string[]) => void): () => void;
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
export function followEvents(): Live {
  const state = createStore<"connecting" | "connected" | "lost">("connecting");
  const listeners = new Set<(ids: readonly string[]) => void>();
  const tell = (ids: readonly string[]) => {
    for (const listener of listeners) listener(ids);
  };
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let hadGap = false;

  function close(): void {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    hadGap = true;
  }

  function open(): void {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("/_local/events");
    source.addEventListener("open", () => {
      failures = 0;
      state.set("connected");
      if (hadGap) tell([]);
      hadGap = false;
    });
    source.addEventListener("message", (event) => tell(readIds(String(event.data))));
    source.addEventListener("error", () => {
      close();
      state.set("lost");
      timer = setTimeout(open, Math.min(firstPauseMs * 2 ** failures, longestPauseMs));
      failures += 1;
    });
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();

  return {
    state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: open,
  };
}

/** The border of the page: the event's text. One that cannot be read counts as "anything". */
function readIds(text: string): readonly string[] {
  try {
    const event = JSON.parse(text) as { ids?: string[] };
    return event.ids ?? [];
  } catch {
    return [];
  }
}
