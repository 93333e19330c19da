import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 48rem)");

/** Whether the sidebar has no room beside the page. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
