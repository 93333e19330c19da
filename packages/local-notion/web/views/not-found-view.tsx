import { EmptyState } from "../parts/empty-state.tsx";
import { Link } from "../parts/link.tsx";
import { Content } from "../shell/content.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { viewHrefs } from "../state/router.ts";
import { useDocumentTitle } from "../state/use-document-title.ts";

export function NotFoundView() {
  useDocumentTitle("Not found");
  return (
    <>
      <TopBar />
      <Content>
        <EmptyState glyph="search" title="There is no such page in this workspace.">
          <p>The address may be mistyped, or the workspace was reset since.</p>
          <Link className="button" href={viewHrefs.home}>
            Go to the workspace
          </Link>
        </EmptyState>
      </Content>
    </>
  );
}
