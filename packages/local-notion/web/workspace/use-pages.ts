import { useSelected, useStore } from "../state/store.ts";
import type { PageIndexState } from "./page-index.ts";
import type { PageItem } from "./page-item.ts";
import { useWorkspace } from "./workspace.ts";

/** All pages and databases, always as they are now. */
export function usePages(): PageIndexState {
  return useStore(useWorkspace().pages.state);
}

/** One page or database, when it is known. */
export function usePageItem(id: string): PageItem | undefined {
  return useSelected(useWorkspace().pages.state, ({ items }) => items.get(id));
}
