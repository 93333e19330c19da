import { useEffect } from "react";
import { PageView } from "./page/page-view.tsx";
import { Shell } from "./shell/shell.tsx";
import { useRoute } from "./state/router.ts";
import { ConnectionsView } from "./views/connections-view.tsx";
import { HomeView } from "./views/home-view.tsx";
import { NotFoundView } from "./views/not-found-view.tsx";
import { TrashView } from "./views/trash-view.tsx";
import { WebhooksView } from "./webhooks/webhooks-view.tsx";
import { type Workspace, WorkspaceProvider } from "./workspace/workspace.ts";

export function App({ workspace }: { workspace: Workspace }) {
  useEffect(() => warnOfLoss(workspace), [workspace]);
  return (
    <WorkspaceProvider value={workspace}>
      <Shell>
        <View />
      </Shell>
    </WorkspaceProvider>
  );
}

function View() {
  const route = useRoute();
  switch (route.view) {
    case "home":
      return <HomeView />;
    case "page":
      return <PageView key={route.id} id={route.id} />;
    case "trash":
      return <TrashView />;
    case "connections":
      return <ConnectionsView />;
    case "webhooks":
      return <WebhooksView />;
    case "unknown":
      return <NotFoundView />;
  }
}

/** Saves what can be saved when the tab is left, and asks before it is closed with the rest. */
function warnOfLoss({ documents }: Workspace): () => void {
  const save = () => {
    for (const { outbox } of documents()) outbox.flush();
  };
  const ask = (event: BeforeUnloadEvent) => {
    save();
    if (documents().some(({ outbox }) => !outbox.isEmpty)) event.preventDefault();
  };
  document.addEventListener("visibilitychange", save);
  addEventListener("beforeunload", ask);
  return () => {
    document.removeEventListener("visibilitychange", save);
    removeEventListener("beforeunload", ask);
  };
}
