import { EmptyState } from "../parts/empty-state.tsx";
import { NotFoundView } from "../views/not-found-view.tsx";
import { PageSkeleton } from "../page/page-skeleton.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { RichTextView } from "../rich-text/rich-text-view.tsx";
import { Content } from "../shell/content.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { shownTitle } from "../workspace/page-item.ts";
import { useDocumentTitle } from "../state/use-document-title.ts";
import { DatabaseTables } from "./database-table.tsx";
import { useDatabase } from "./use-database.ts";

/** A database on its own page. */
export function DatabaseView({ id }: { id: string }) {
  const state = useDatabase(id);
  const title = state.status === "ready" ? shownTitle(state.value.database.title) : "";
  useDocumentTitle(title);
  if (state.status === "missing") return <NotFoundView />;
  return (
    <>
      <TopBar shown={state.status === "ready" ? { id, title } : undefined} />
      <Content isWide>
        {state.status === "loading" && <PageSkeleton />}
        {state.status === "failed" && <EmptyState glyph="warning" title={state.problem} />}
        {state.status === "ready" && (
          <article className="page">
            <header className="page-head">
              {state.value.database.icon && (
                <PageIcon icon={state.value.database.icon} kind="database" />
              )}
              <h1 className="page-title">{title}</h1>
              {state.value.database.description.length > 0 && (
                <p className="page-description">
                  <RichTextView value={state.value.database.description} />
                </p>
              )}
            </header>
            <DatabaseTables tables={state.value.tables} />
          </article>
        )}
      </Content>
    </>
  );
}
