import { EmptyState } from "../parts/empty-state.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { Link } from "../parts/link.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { When } from "../parts/when.tsx";
import { pageHref } from "../state/router.ts";
import { pathOf } from "../workspace/page-index.ts";
import { useStore } from "../state/store.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { usePages } from "../workspace/use-pages.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { RowSkeletons } from "./row-skeletons.tsx";
import { View } from "./view.tsx";

/** The first thing a person sees: what was worked on last. */
export function HomeView() {
  const session = useStore(useWorkspace().session);
  return (
    <View title={session?.workspace ?? "Workspace"}>
      <RecentPages />
    </View>
  );
}

const mostRecent = 12;

function RecentPages() {
  const { status, problem, items } = usePages();
  const { pages } = useWorkspace();
  const { create } = usePageActions();
  if (status === "loading") return <RowSkeletons />;
  if (status === "failed") {
    return (
      <EmptyState glyph="warning" title={problem ?? "The pages could not be read."}>
        <button type="button" className="button" onClick={() => pages.refresh()}>
          Try again
        </button>
      </EmptyState>
    );
  }
  const recent = [...items.values()]
    .toReversed()
    .toSorted((one, other) => other.editedTime.localeCompare(one.editedTime))
    .slice(0, mostRecent);
  const newPage = (
    <button type="button" className="button is-main" onClick={() => void create()}>
      <Glyph name="add" />
      New page
    </button>
  );
  if (recent.length === 0) {
    return (
      <EmptyState glyph="page" title="This workspace has no pages yet.">
        <p>Pages that you make here, or that apps make through the API, show up at once.</p>
        {newPage}
      </EmptyState>
    );
  }
  return (
    <>
      <h2 className="section-title">Edited last</h2>
      <ul className="rows">
        {recent.map(({ id, title, icon, kind, editedTime }) => (
          <li key={id}>
            <Link className="row" href={pageHref(id, title)}>
              <PageIcon icon={icon} kind={kind === "database" ? "database" : "page"} />
              <span className="row-words">
                <span className="row-title">{title}</span>
                <span className="row-note">
                  {pathOf(items, id)
                    .slice(0, -1)
                    .map((above) => above.title)
                    .join(" / ")}
                </span>
              </span>
              <span className="row-time">
                <When time={editedTime} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {newPage}
    </>
  );
}
