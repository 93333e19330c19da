type Listener = (ids: string[]) => void;

/** Tells whoever listens which nodes a request changed. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  /** Calls the listener at every change until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(ids: string[]): void {
    if (ids.length === 0) return;
    for (const listener of this.#listeners) listener(ids);
  }
}
