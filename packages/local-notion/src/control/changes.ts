import type { Committed } from "../store/store.ts";

type Listener = (changes: Committed[]) => void;

/** Tells whoever listens what a request changed. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  /** Calls the listener at every change until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(changes: Committed[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) listener(changes);
  }
}
