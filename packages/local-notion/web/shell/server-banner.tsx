import { Glyph } from "../parts/glyph.tsx";
import { useStore } from "../state/store.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** Says that the server is gone; goes by itself when it is back. */
export function ServerBanner() {
  const { live } = useWorkspace();
  if (useStore(live.state) !== "lost") return null;
  return (
    <div className="banner" role="alert">
      <Glyph name="plug" />
      <p>
        <strong>Local Notion is not answering.</strong> It may have been stopped. This page connects
        again by itself, and what you write meanwhile is saved then.
      </p>
      <div className="banner-actions">
        <button type="button" className="button" onClick={live.retry}>
          Try now
        </button>
      </div>
    </div>
  );
}
