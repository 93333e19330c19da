import { useContext, useState } from "react";
import { DrawerContext } from "../shell/drawer.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Link } from "../parts/link.tsx";
import { useRoute, viewHrefs, type ViewName } from "../state/router.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { PageTree } from "./page-tree.tsx";
import { SearchField, SearchResults } from "./search.tsx";
import { WorkspaceSwitch } from "./workspace-switch.tsx";

/** The workspace: its name, search, pages and the ways to everything else. */
export function Sidebar() {
  const drawer = useContext(DrawerContext);
  const { create } = usePageActions();
  const [query, setQuery] = useState("");
  return (
    <aside className="sidebar" aria-label="Workspace">
      <header className="sidebar-head">
        <WorkspaceSwitch />
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
