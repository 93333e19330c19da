import type { BlockOf } from "../api/objects.ts";
import { Link } from "../parts/link.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { pageHref } from "../state/router.ts";
import { usePageItem } from "../workspace/use-pages.ts";
import { DatabaseTable } from "../database/database-table.tsx";

export function ChildPageBlock({ block }: { block: BlockOf<"child_page"> }) {
  return <PageLink id={block.id} title={block.child_page.title} kind="page" />;
}

export function ChildDatabaseBlock({ block }: { block: BlockOf<"child_database"> }) {
  return (
    <div className="child-database">
      <PageLink id={block.id} title={block.child_database.title} kind="database" />
      <DatabaseTable id={block.id} />
    </div>
  );
}

export function LinkToPageBlock({ block }: { block: BlockOf<"link_to_page"> }) {
  const link = block.link_to_page;
  switch (link.type) {
    case "page_id":
      return <PageLink id={link.page_id} title="A page" kind="page" />;
    case "database_id":
      return <PageLink id={link.database_id} title="A database" kind="database" />;
    case "comment_id":
      return <p className="muted-line">A link to a comment</p>;
  }
}

interface PageLinkProps {
  id: string;
  /** Shown as long as the page itself is not known. */
  title: string;
  kind: "page" | "database";
}

function PageLink({ id, title, kind }: PageLinkProps) {
  const item = usePageItem(id);
  const shown = item?.title ?? (title || "Untitled");
  return (
    <Link className="page-link" href={pageHref(id, shown)}>
      <PageIcon icon={item?.icon} kind={kind} />
      <span>{shown}</span>
    </Link>
  );
}
