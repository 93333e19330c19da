import type { PageDocument } from "../document/page-document.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Link } from "../parts/link.tsx";
import { pageHref, useRoute } from "../state/router.ts";
import { useStore } from "../state/store.ts";
import { shownTitle } from "../workspace/page-item.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** Reminds of changes to other pages than the open one that could not be saved. */
export function UnsavedPages() {
  const { documents } = useWorkspace();
  const route = useRoute();
  const openId = route.view === "page" ? route.id : undefined;
  return documents()
    .filter(({ id }) => id !== openId)
    .map((document) => <UnsavedPage key={document.id} document={document} />);
}

function UnsavedPage({ document }: { document: PageDocument }) {
  const { kind } = useStore(document.outbox.state);
  if (kind !== "failed") return null;
  const title = shownTitle(document.state.get().title);
  return (
    <div className="banner is-problem" role="alert">
      <Glyph name="warning" />
      <p>
        Changes to <Link href={pageHref(document.id, title)}>{title}</Link> are not saved.
      </p>
      <div className="banner-actions">
        <button type="button" className="button" onClick={() => document.outbox.retry()}>
          Try again
        </button>
      </div>
    </div>
  );
}
