import { createStore, type Store } from "../state/store.ts";

/** A short message after something was done, often with a way to undo it. */
export interface Notice {
  id: number;
  text: string;
  isError: boolean;
  action?: { label: string; run(): void };
}

export interface Notices {
  state: Store<readonly Notice[]>;
  tell(text: string, action?: Notice["action"]): void;
  tellError(text: string): void;
  dismiss(id: number): void;
}

export function createNotices(): Notices {
  const state = createStore<readonly Notice[]>([]);
  let last = 0;
  const add = (notice: Omit<Notice, "id">) => {
    last += 1;
    // Older ones give way: a pile of messages is read by nobody.
    state.set([...state.get().slice(-1), { ...notice, id: last }]);
  };
  return {
    state,
    tell: (text, action) => add({ text, isError: false, ...(action && { action }) }),
    tellError: (text) => add({ text, isError: true }),
    dismiss: (id) => state.set(state.get().filter((notice) => notice.id !== id)),
  };
}
