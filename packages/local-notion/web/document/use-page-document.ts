import { type ComponentType, createContext, useContext, useEffect } from "react";
import type { Fields } from "../rich-text/fields.ts";
import { useSelected } from "../state/store.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import type { BlockNode } from "./block-tree.ts";
import type { PageDocument } from "./page-document.ts";

/** The page's document, kept up to date for as long as it is shown. */
export function usePageDocument(id: string): PageDocument {
  const { document, live } = useWorkspace();
  const shown = document(id);
  useEffect(() => {
    shown.refresh();
    const stop = live.onChange(() => shown.refresh());
    return () => {
      stop();
      shown.outbox.flush();
    };
  }, [shown, live]);
  return shown;
}

/** What the blocks of an open page share. */
export interface OpenPage {
  document: PageDocument;
  fields: Fields;
  readOnly: boolean;
  /** Draws blocks one below the other. */
  Blocks: ComponentType<{ keys: readonly string[] }>;
}

const OpenPageContext = createContext<OpenPage | undefined>(undefined);
export const OpenPageProvider = OpenPageContext.Provider;

export function useOpenPage(): OpenPage {
  const page = useContext(OpenPageContext);
  if (!page) throw new Error("useOpenPage is called outside of the OpenPageProvider.");
  return page;
}

/** One block of the open page; undefined when it has just been removed. */
export function useBlock(key: string): BlockNode | undefined {
  const { document } = useOpenPage();
  return useSelected(document.state, ({ tree }) => tree.nodes.get(key));
}
