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
 * - Events sent meanwhile are not repeated by the server, so that then everything counts as changed.
 */
export function followEvents(): Live {
  const state = createStore<"connecting" | "connected" | "lost">("connecting");
  const listeners = new Set<(ids: readonly string[]) => void>();
  const tell = (ids: readonly string[]) => {
    for (const listener of listeners) listener(ids);
  };
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    clearTimeout(timer);
    timer = undefined;
    const source = new EventSource("/_local/events");
    source.addEventListener("open", () => {
      const wasLost = state.get() === "lost";
      failures = 0;
      state.set("connected");
      if (wasLost) tell([]);
    });
    source.addEventListener("message", (event) => tell(readIds(String(event.data))));
    source.addEventListener("error", () => {
      source.close();
      state.set("lost");
      timer = setTimeout(open, Math.min(firstPauseMs * 2 ** failures, longestPauseMs));
      failures += 1;
    });
  }
  open();

  return {
    state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: () => {
      if (timer !== undefined) open();
    },
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
