import type { Committed } from "../store/store.ts";

interface Listener {
  /** Called with what one request changed. */
  changed(changes: readonly Committed[]): void;
  /** Called when everything was replaced at once, which is no event of the workspace. */
  startedOver(): void;
}

/** Tells whoever listens what a request changed. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  /** Calls the listener until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(changes: readonly Committed[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) listener.changed(changes);
  }

  tellStartedOver(): void {
    for (const listener of this.#listeners) listener.startedOver();
  }
}
