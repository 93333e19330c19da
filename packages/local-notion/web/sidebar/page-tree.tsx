import { useState } from "react";
import { IconButton } from "../parts/icon-button.tsx";
import { Link } from "../parts/link.tsx";
import { MenuButton } from "../parts/menu-button.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { pageHref, useRoute } from "../state/router.ts";
import { pathOf } from "../workspace/page-index.ts";
import type { PageItem } from "../workspace/page-item.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";
import { usePages } from "../workspace/use-pages.ts";

/** All pages as a tree; the way to the open one is always unfolded when it is opened. */
export function PageTree() {
  const { status, problem, items, below } = usePages();
  const route = useRoute();
  const openId = route.view === "page" ? route.id : undefined;
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [wayUnfoldedTo, setWayUnfoldedTo] = useState<string>();
  if (openId !== wayUnfoldedTo && openId !== undefined && items.has(openId)) {
    setWayUnfoldedTo(openId);
    const above = pathOf(items, openId).slice(0, -1);
    setUnfolded(new Set([...unfolded, ...above.map(({ id }) => id)]));
  }

  if (status === "loading") return <TreeSkeleton />;
  if (status === "failed") return <p className="sidebar-problem">{problem}</p>;
  if (items.size === 0) return <p className="sidebar-hint">No pages yet.</p>;
  const fold = (id: string) => {
    const others = [...unfolded].filter((one) => one !== id);
    setUnfolded(new Set(unfolded.has(id) ? others : [...others, id]));
  };
  return <Level parent="" below={below} unfolded={unfolded} openId={openId} onFold={fold} />;
}

interface LevelProps {
  parent: string;
  below: ReadonlyMap<string, readonly PageItem[]>;
  unfolded: ReadonlySet<string>;
  openId: string | undefined;
  onFold(id: string): void;
}

function Level(props: LevelProps) {
  const { parent, below, unfolded, openId, onFold } = props;
  return (
    <ul className="tree">
      {(below.get(parent) ?? []).map((item) => {
        const isUnfolded = unfolded.has(item.id);
        return (
          <li key={item.id}>
            <Row
              item={item}
              isOpen={item.id === openId}
              hasChildren={below.has(item.id)}
              isUnfolded={isUnfolded}
              onFold={() => onFold(item.id)}
            />
            {isUnfolded && below.has(item.id) && <Level {...props} parent={item.id} />}
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  item: PageItem;
  isOpen: boolean;
  hasChildren: boolean;
  isUnfolded: boolean;
  onFold(): void;
}

function Row({ item, isOpen, hasChildren, isUnfolded, onFold }: RowProps) {
  const { create, trash } = usePageActions();
  const { id, title, kind, icon } = item;
  return (
    <div className={isOpen ? "tree-row is-open" : "tree-row"}>
      {hasChildren ? (
        <IconButton
          className="fold-button"
          label={`${isUnfolded ? "Fold" : "Unfold"} ${title}`}
          glyph="arrow"
          aria-expanded={isUnfolded}
          onClick={onFold}
        />
      ) : (
        <span className="fold-gap" />
      )}
      <Link href={pageHref(id, title)} aria-current={isOpen ? "page" : undefined} title={title}>
        <PageIcon icon={icon} kind={kind === "database" ? "database" : "page"} />
        <span className="tree-title">{title}</span>
      </Link>
      {kind === "page" && (
        <span className="tree-tools">
          <MenuButton
            label={`Actions for ${title}`}
            glyph="more"
            items={[
              { label: "New page inside", glyph: "add", run: () => void create(id) },
              {
                label: "Move to trash",
                glyph: "trash",
                isDangerous: true,
                run: () => void trash(id, title, isOpen),
              },
            ]}
          />
        </span>
      )}
    </div>
  );
}

function TreeSkeleton() {
  return (
    <div className="tree-skeleton">
      <output className="visually-hidden">Loading the pages</output>
      {[70, 52, 64, 45].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
