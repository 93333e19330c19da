/** A row that another process may have changed. */
export interface Change {
  /** Table name, such as `connections`. */
  table: string;
  projectId: string;
  id: string;
}

/**
 * Tells every process about changed rows within milliseconds of the commit, so that what is held
 * in memory can be dropped.
 *
 * - While `isLive` is false, changes may be missed: nothing held in memory may be used.
 * - On becoming live again, listeners get `onReset`: drop everything.
 */
export interface ChangeFeed {
  readonly isLive: boolean;
  subscribe(listener: { onChange(change: Change): void; onReset(): void }): () => void;
}
