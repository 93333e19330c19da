import { type Api, readAll } from "../api/api.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Link } from "../parts/link.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { When } from "../parts/when.tsx";
import { pageHref } from "../state/router.ts";
import { useResource } from "../state/resource.ts";
import { type PageItem, toPageItem } from "../workspace/page-item.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { ResourceStates } from "./resource-states.tsx";
import { View } from "./view.tsx";

/** Pages that were thrown away. */
export function TrashView() {
  const { api } = useWorkspace();
  const { state, reload } = useResource(() => readTrash(api));
  const { restore } = usePageActions();
  return (
    <View title="Trash" lead="A page that is restored goes back to where it was.">
      <ResourceStates state={state} onRetry={reload} />
      {state.status === "ready" && state.value.length === 0 && (
        <EmptyState glyph="trash" title="The trash is empty." />
      )}
      {state.status === "ready" && (
        <ul className="rows">
          {state.value.map(({ id, title, icon, editedTime }) => (
            <li key={id} className="row">
              <PageIcon icon={icon} kind="page" />
              <span className="row-words">
                <Link className="row-title" href={pageHref(id, title)}>
                  {title}
                </Link>
                <span className="row-note">
                  Last edited <When time={editedTime} />
                </span>
              </span>
              <button
                type="button"
                className="button"
                aria-label={`Restore ${title}`}
                onClick={() => void restore(id, title)}
              >
                Restore
              </button>
            </li>
          ))}
        </ul>
      )}
    </View>
  );
}

/** Only what was thrown away itself: what is inside comes and goes with it. */
async function readTrash(api: Api): Promise<PageItem[]> {
  const found = await readAll((cursor) => api.search({ inTrash: true, cursor }));
  const ids = new Set(found.map(({ id }) => id));
  return found
    .filter((one) => one.object === "page")
    .filter(({ parent }) => !(parent.type === "page_id" && ids.has(parent.page_id)))
    .map((page) => toPageItem(page, undefined));
}
