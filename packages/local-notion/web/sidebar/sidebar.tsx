import { useContext, useState } from "react";
import { DrawerContext } from "../shell/drawer.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { initialOf } from "../parts/initial.ts";
import { Link } from "../parts/link.tsx";
import { useRoute, viewHrefs, type ViewName } from "../state/router.ts";
import { useStore } from "../state/store.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { PageTree } from "./page-tree.tsx";
import { SearchField, SearchResults } from "./search.tsx";

/** The workspace: its name, search, pages and the ways to everything else. */
export function Sidebar() {
  const drawer = useContext(DrawerContext);
  const { create } = usePageActions();
  const [query, setQuery] = useState("");
  return (
    <aside className="sidebar" aria-label="Workspace">
      <header className="sidebar-head">
        <WorkspaceName />
        {drawer.isOpen && (
          <IconButton label="Hide the sidebar" glyph="close" onClick={drawer.close} />
        )}
      </header>
      <SearchField value={query} onChange={setQuery} />
      <nav className="sidebar-pages" aria-label="Pages">
        {query.trim() === "" ? (
          <>
            <ViewLink view="home" label="Home" glyph="home" />
            <button type="button" className="sidebar-line" onClick={() => void create()}>
              <Glyph name="add" />
              New page
            </button>
            <h2 className="sidebar-section">Pages</h2>
            <PageTree />
          </>
        ) : (
          <SearchResults query={query.trim()} onLeave={() => setQuery("")} />
        )}
      </nav>
      <nav className="sidebar-foot" aria-label="More">
        <ViewLink view="connections" label="Connections" glyph="plug" />
        <ViewLink view="webhooks" label="Webhooks" glyph="send" />
        <ViewLink view="trash" label="Trash" glyph="trash" />
        <p className="sidebar-note">Local Notion – data stays on this machine</p>
      </nav>
    </aside>
  );
}

function WorkspaceName() {
  const session = useStore(useWorkspace().session);
  const name = session?.workspace ?? "Workspace";
  return (
    <div className="workspace-name">
      <span className="workspace-mark" aria-hidden="true">
        {session ? initialOf(name) : ""}
      </span>
      <span className="workspace-words">
        <strong>{session ? name : <span className="skeleton" />}</strong>
        <span>{session?.person?.name}</span>
      </span>
    </div>
  );
}

interface ViewLinkProps {
  view: ViewName;
  label: string;
  glyph: GlyphName;
}

function ViewLink({ view, label, glyph }: ViewLinkProps) {
  const isHere = useRoute().view === view;
  return (
    <Link
      className="sidebar-line"
      href={viewHrefs[view]}
      aria-current={isHere ? "page" : undefined}
    >
      <Glyph name={glyph} />
      {label}
    </Link>
  );
}
