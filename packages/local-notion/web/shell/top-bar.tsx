import { useContext } from "react";
import type { PageDocument } from "../document/page-document.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { Link } from "../parts/link.tsx";
import { MenuButton } from "../parts/menu-button.tsx";
import { pageHref } from "../state/router.ts";
import { useSelected } from "../state/store.ts";
import { pathOf } from "../workspace/page-index.ts";
import { shownTitle } from "../workspace/page-item.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { usePages } from "../workspace/use-pages.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { DrawerContext } from "./drawer.ts";
import { SaveMark } from "./save-mark.tsx";

interface TopBarProps {
  /** Name of a view that is no page. */
  title?: string;
  pageId?: string;
  document?: PageDocument;
}

/** Where one is, whether all is saved, and what can be done with the page. */
export function TopBar({ title, pageId, document }: TopBarProps) {
  const drawer = useContext(DrawerContext);
  return (
    <header className="top-bar">
      <IconButton
        className="drawer-button"
        label="Show the sidebar"
        glyph="menu"
        aria-expanded={drawer.isOpen}
        onClick={drawer.open}
      />
      {pageId === undefined ? <p className="top-title">{title}</p> : <Path id={pageId} />}
      {document && <PageTools document={document} />}
    </header>
  );
}

function Path({ id }: { id: string }) {
  const { items } = usePages();
  const path = pathOf(items, id);
  return (
    <nav className="path" aria-label="Where this page is">
      <ol>
        {path.map((item) => (
          <li key={item.id}>
            {item.id === id ? (
              <span aria-current="page">{item.title}</span>
            ) : (
              <Link href={pageHref(item.id, item.title)}>{item.title}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function PageTools({ document }: { document: PageDocument }) {
  const { notices } = useWorkspace();
  const { create, trash } = usePageActions();
  const isReady = useSelected(document.state, ({ status }) => status === "ready");
  const canEdit = useSelected(document.state, ({ page }) => page?.in_trash === false);
  const { id } = document;
  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      notices.tell("Link copied.");
    } catch {
      notices.tellError("The browser did not allow copying. Copy the link from the address bar.");
    }
  };
  if (!isReady) return null;
  const title = () => shownTitle(document.state.get().title);
  return (
    <div className="page-tools">
      <SaveMark document={document} />
      <MenuButton
        label="Page actions"
        glyph="more"
        items={[
          { label: "New page inside", glyph: "add", run: () => void create(id) },
          { label: "Copy link", glyph: "link", run: () => void copyLink() },
          ...(canEdit
            ? [
                {
                  label: "Move to trash",
                  glyph: "trash" as const,
                  isDangerous: true,
                  run: () => void trash(id, title(), true),
                },
              ]
            : []),
        ]}
      />
    </div>
  );
}
