import { EmptyState } from "../parts/empty-state.tsx";
import type { ResourceState } from "../state/resource.ts";
import { RowSkeletons } from "./row-skeletons.tsx";

/** What stands in a list's place while it is read, or when it could not be. */
export function ResourceStates(props: { state: ResourceState<unknown>; onRetry(): void }) {
  const { state, onRetry } = props;
  switch (state.status) {
    case "loading":
      return <RowSkeletons />;
    case "missing":
      return <EmptyState glyph="search" title="This server does not have that." />;
    case "failed":
      return (
        <EmptyState glyph="warning" title={state.problem}>
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        </EmptyState>
      );
    case "ready":
      return null;
  }
}
