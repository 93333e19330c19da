import { useEffect, useMemo, useState } from "react";
import { BlockList } from "../blocks/block-list.tsx";
import { DatabaseView } from "../database/database-view.tsx";
import type { PageDocument } from "../document/page-document.ts";
import { OpenPageProvider, usePageDocument } from "../document/use-page-document.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Fields } from "../rich-text/fields.ts";
import { plainText } from "../rich-text/runs.ts";
import { Content } from "../shell/content.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { pageHref, replaceAddress } from "../state/router.ts";
import { useSelected } from "../state/store.ts";
import { useDocumentTitle } from "../state/use-document-title.ts";
import { shownTitle, titleOf } from "../workspace/page-item.ts";
import { NotFoundView } from "../views/not-found-view.tsx";
import { PageCover } from "./page-cover.tsx";
import { PageHead } from "./page-head.tsx";
import { PageProperties } from "./page-properties.tsx";
import { PageSkeleton } from "./page-skeleton.tsx";
import { PageTail } from "./page-tail.tsx";
import { StateNote } from "./state-note.tsx";

/** What an address `/p/…` names: most often a page, else a database. */
export function PageView({ id }: { id: string }) {
  const document = usePageDocument(id);
  const status = useSelected(document.state, (state) => state.status);
  const problem = useSelected(document.state, (state) => state.problem);
  const title = useSelected(document.state, (state) => shownTitle(state.title));
  useDocumentTitle(status === "ready" ? title : "");
  // As saved: browsers allow an address to change only so often.
  const savedTitle = useSelected(document.state, ({ page }) => page && plainText(titleOf(page)));
  useEffect(() => {
    if (savedTitle !== undefined) replaceAddress(pageHref(id, savedTitle));
  }, [id, savedTitle]);

  if (status === "database") return <DatabaseView id={id} />;
  if (status === "missing") return <NotFoundView />;
  return (
    <>
      <TopBar shown={status === "ready" ? { id, title } : undefined} document={document} />
      <Content>
        {status === "loading" && <PageSkeleton />}
        {status === "failed" && (
          <EmptyState glyph="warning" title={problem ?? "The page could not be read."}>
            <button type="button" className="button" onClick={() => document.refresh()}>
              Try again
            </button>
          </EmptyState>
        )}
        {status === "ready" && <OpenDocument document={document} />}
      </Content>
    </>
  );
}

function OpenDocument({ document }: { document: PageDocument }) {
  const page = useSelected(document.state, (state) => state.page);
  const roots = useSelected(document.state, ({ tree }) => tree.roots);
  const [fields] = useState(() => new Fields());
  const readOnly = page ? page.in_trash || page.is_locked : true;
  const shared = useMemo(
    () => ({ document, fields, readOnly, Blocks: BlockList }),
    [document, fields, readOnly],
  );

  // A page that was just made begins with its title.
  useEffect(() => {
    const { title, tree } = document.state.get();
    if (plainText(title) === "" && tree.roots.length === 0) fields.focus("title", "start");
  }, [document, fields]);

  if (!page) return null;
  return (
    <OpenPageProvider value={shared}>
      <PageCover cover={page.cover} />
      <article className={page.cover ? "page has-cover" : "page"}>
        <StateNote page={page} />
        <PageHead page={page} />
        <PageProperties page={page} />
        <div className="blocks">
          <BlockList keys={roots} />
        </div>
        {!readOnly && <PageTail />}
      </article>
    </OpenPageProvider>
  );
}
