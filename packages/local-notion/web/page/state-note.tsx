import type { Page } from "../api/objects.ts";
import { Glyph } from "../parts/glyph.tsx";
import { shownTitle, titleOf } from "../workspace/page-item.ts";
import { usePageActions } from "../workspace/use-page-actions.ts";

/** Why a page cannot be edited. */
export function StateNote({ page }: { page: Page }) {
  const { restore } = usePageActions();
  if (page.in_trash) {
    return (
      <div className="state-note">
        <Glyph name="trash" />
        <p>This page is in the trash.</p>
        <button
          type="button"
          className="button"
          onClick={() => void restore(page.id, shownTitle(titleOf(page)))}
        >
          Restore
        </button>
      </div>
    );
  }
  if (!page.is_locked) return null;
  return (
    <div className="state-note">
      <Glyph name="locked" />
      <p>This page is locked. It can be unlocked through the API.</p>
    </div>
  );
}
