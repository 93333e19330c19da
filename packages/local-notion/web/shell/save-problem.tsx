import type { PageDocument } from "../document/page-document.ts";
import { Glyph } from "../parts/glyph.tsx";
import { useStore } from "../state/store.ts";
import { useWorkspace } from "../workspace/workspace.ts";

/** Says that changes are not saved and why; they stay on the page until they are or are given up. */
export function SaveProblem({ document }: { document: PageDocument }) {
  const { live } = useWorkspace();
  const isServerGone = useStore(live.state) === "lost";
  const state = useStore(document.outbox.state);
  // While the server is gone its own banner says what happens to the changes.
  if (state.kind !== "failed" || (state.passing && isServerGone)) return null;
  return (
    <div className="banner is-problem" role="alert">
      <Glyph name="warning" />
      <p>
        <strong>Your last changes are not saved.</strong> {state.message}
      </p>
      <div className="banner-actions">
        <button type="button" className="button" onClick={() => document.outbox.retry()}>
          Try again
        </button>
        {!state.passing && (
          <button type="button" className="button" onClick={() => document.outbox.discard()}>
            Discard changes
          </button>
        )}
      </div>
    </div>
  );
}
