import { createContext, useContext } from "react";
import { type Api, createApi } from "../api/api.ts";
import { followEvents, type Live } from "../api/live.ts";
import type { Session } from "../api/request.ts";
import { PageDocument } from "../document/page-document.ts";
import { createStore, type Store } from "../state/store.ts";
import { createNotices, type Notices } from "./notices.ts";
import { PageIndex } from "./page-index.ts";
import { shownTitle } from "./page-item.ts";

/** All that this page holds of the workspace for as long as it is open. */
export interface Workspace {
  api: Api;
  live: Live;
  /** Who is here and in which workspace, once the server has told. */
  session: Store<Session | undefined>;
  pages: PageIndex;
  notices: Notices;
  /** The page's document; the same one each time, so that what is not saved yet is never lost. */
  document(id: string): PageDocument;
  documents(): readonly PageDocument[];
  /** Makes an empty page, at the top or in another page, and gives its id. */
  createPage(parentId?: string): Promise<string>;
  trashPage(id: string): Promise<void>;
  restorePage(id: string): Promise<void>;
}

export function createWorkspace(): Workspace {
  const api = createApi();
  const live = followEvents(async () => (await api.session()).workspaceId);
  const pages = new PageIndex(api);
  const documents = new Map<string, PageDocument>();

  const session = createStore<Session | undefined>(undefined);
  const readSession = () =>
    api.session().then(session.set, () => {
      // That the server is gone is told by the banner; it is asked again when it is back.
    });

  pages.refresh();
  void readSession();
  live.onChange((ids) => {
    pages.refresh();
    if (!session.get()) void readSession();
    // With no ids the server was away: what could not be saved is tried again.
    if (ids.length === 0) for (const { outbox } of documents.values()) outbox.retry();
  });

  return {
    api,
    live,
    session,
    pages,
    notices: createNotices(),
    document: (id) => {
      const known = documents.get(id);
      if (known) return known;
      const made = new PageDocument(id, api, (title) => pages.rename(id, shownTitle(title)));
      documents.set(id, made);
      return made;
    },
    documents: () => [...documents.values()],
    createPage: async (parentId) => {
      const page = await api.createPage(
        parentId === undefined
          ? { type: "workspace", workspace: true }
          : { type: "page_id", page_id: parentId },
      );
      pages.add(page, parentId);
      return page.id;
    },
    trashPage: async (id) => {
      await api.updatePage(id, { in_trash: true });
      pages.remove(id);
      documents.get(id)?.refresh();
    },
    restorePage: async (id) => {
      await api.updatePage(id, { in_trash: false });
      pages.refresh();
      documents.get(id)?.refresh();
    },
  };
}

const WorkspaceContext = createContext<Workspace | undefined>(undefined);
export const WorkspaceProvider = WorkspaceContext.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("useWorkspace is called outside of the WorkspaceProvider.");
  return workspace;
}
