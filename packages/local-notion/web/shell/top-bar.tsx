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
import { SaveProblem } from "./save-problem.tsx";
import { ServerBanner } from "./server-banner.tsx";
import { UnsavedPages } from "./unsaved-pages.tsx";

interface TopBarProps {
  /** The page or database that is shown, if it is one. */
  shown?: { id: string; title: string } | undefined;
  document?: PageDocument;
}

/** Where one is, whether all is saved, and what can be done with the page. Always in view. */
export function TopBar({ shown, document }: TopBarProps) {
  const drawer = useContext(DrawerContext);
  return (
    <header className="top">
      <div className="top-bar">
        <IconButton
          className="drawer-button"
          label="Show the sidebar"
          glyph="menu"
          aria-expanded={drawer.isOpen}
          onClick={drawer.open}
        />
        {shown && <Path {...shown} />}
        {document && <PageTools document={document} />}
      </div>
      <ServerBanner />
      <UnsavedPages />
      {document && <SaveProblem document={document} />}
    </header>
  );
}

function Path({ id, title }: { id: string; title: string }) {
  const { items } = usePages();
  const above = pathOf(items, id).filter((item) => item.id !== id);
  return (
    <nav className="path" aria-label="Where this page is">
      <ol>
        {above.map((item) => (
          <li key={item.id}>
            <Link href={pageHref(item.id, item.title)}>{item.title}</Link>
          </li>
        ))}
        <li>
          <span aria-current="page">{title}</span>
        </li>
      </ol>
    </nav>
  );
}

function PageTools({ document }: { document: PageDocument }) {
  const { notices } = useWorkspace();
  const { create, trash } = usePageActions();
  const isInTrash = useSelected(document.state, ({ page }) => page?.in_trash ?? true);
  const { id } = document;
  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      notices.tell("Link copied.");
    } catch {
      notices.tellError("The browser did not allow copying. Copy the link from the address bar.");
    }
  };
  if (isInTrash) return null;
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
          {
            label: "Move to trash",
            glyph: "trash",
            isDangerous: true,
            run: () => void trash(id, title(), true),
          },
        ]}
      />
    </div>
  );
}
