import { useEffect } from "react";

/** Names the browser's tab after what is shown. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Local Notion" : `${title} – Local Notion`;
  }, [title]);
}
