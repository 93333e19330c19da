import { isPassing, messageOf } from "../api/request.ts";
import { createStore, type Store } from "../state/store.ts";

/** One change on its way to the server. */
export interface Change {
  /** A change that is not yet sent makes later ones of the same name needless: it sends the newest state. */
  name?: string;
  send(): Promise<void>;
}

export type SaveState =
  | { kind: "saved" }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "failed"; message: string; passing: boolean };

const saved: SaveState = { kind: "saved" };

/**
 * Sends the changes of one page, one after the other, as later ones build on earlier ones.
 *
 * - A change leaves the queue only when the server has taken it; a failed one stays first, and all
 *   behind it wait until it is tried again or given up.
 * - After a failure without an answer the server may have taken the change all the same; sending it
 *   again can then make a block twice, but never loses one.
 */
export class Outbox {
  readonly state: Store<SaveState> = createStore(saved);
  readonly #onSaved: () => void;
  #queue: Change[] = [];
  #sending: Change | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onSaved: () => void) {
    this.#onSaved = onSaved;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Sends the change after the ones before it; waits for more of its name when told to. */
  add(change: Change, waitMs = 0): void {
    const isKnown = this.#queue.some(
      (other) => other !== this.#sending && change.name !== undefined && other.name === change.name,
    );
    if (!isKnown) this.#queue.push(change);
    clearTimeout(this.#timer);
    if (this.state.get().kind === "failed" || this.#sending) return;
    this.state.set({ kind: "unsaved" });
    this.#timer = setTimeout(() => this.flush(), waitMs);
  }

  /** Sends what is waiting, now. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#sending || this.isEmpty || this.state.get().kind === "failed") return;
    void this.#send();
  }

  retry(): void {
    if (this.state.get().kind !== "failed") return;
    this.state.set({ kind: "unsaved" });
    this.flush();
  }

  /** Gives up all that is not saved. */
  discard(): void {
    if (this.#sending) return;
    this.#queue = [];
    this.state.set(saved);
    this.#onSaved();
  }

  async #send(): Promise<void> {
    this.state.set({ kind: "saving" });
    for (let change = this.#queue[0]; change; change = this.#queue[0]) {
      this.#sending = change;
      try {
        await change.send();
        this.#queue.shift();
      } catch (error) {
        this.state.set({ kind: "failed", message: messageOf(error), passing: isPassing(error) });
        return;
      } finally {
        this.#sending = undefined;
      }
    }
    this.state.set(saved);
    this.#onSaved();
  }
}
