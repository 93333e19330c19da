import { useState } from "react";
import type { Connection } from "../api/api.ts";
import { messageOf } from "../api/request.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { initialOf } from "../parts/initial.ts";
import { Link } from "../parts/link.tsx";
import { When } from "../parts/when.tsx";
import { pageHref } from "../state/router.ts";
import { useResource } from "../state/resource.ts";
import { usePageItem } from "../workspace/use-pages.ts";
import { useWorkspace } from "../workspace/workspace.ts";
import { ResourceStates } from "./resource-states.tsx";
import { View } from "./view.tsx";

/** The apps that may read or change this workspace. */
export function ConnectionsView() {
  const { api } = useWorkspace();
  const { state, reload } = useResource(() => api.connections());
  const [leaving, setLeaving] = useState<Connection>();
  return (
    <View title="Connections" lead="Apps that people have let into this workspace.">
      <ResourceStates state={state} onRetry={reload} />
      {state.status === "ready" && state.value.length === 0 && (
        <EmptyState glyph="plug" title="No app is connected.">
          <p>An app shows here once somebody has allowed it on the consent page.</p>
        </EmptyState>
      )}
      {state.status === "ready" && (
        <ul className="rows">
          {state.value.map((connection) => (
            <li key={connection.id} className="row connection">
              <ConnectionLine connection={connection} onDisconnect={() => setLeaving(connection)} />
            </li>
          ))}
        </ul>
      )}
      {leaving && (
        <DisconnectDialog
          connection={leaving}
          onDone={() => {
            setLeaving(undefined);
            reload();
          }}
        />
      )}
    </View>
  );
}

interface ConnectionLineProps {
  connection: Connection;
  onDisconnect(): void;
}

function ConnectionLine({ connection, onDisconnect }: ConnectionLineProps) {
  const name = nameOf(connection);
  const { person, pages, createdTime, grantedTime } = connection;
  return (
    <>
      <span className="app-mark" aria-hidden="true">
        {initialOf(name)}
      </span>
      <div className="row-words">
        <h2 className="row-title">{name}</h2>
        <p className="row-note">
          {person ? `Connected by ${person.name}` : "Internal integration"},{" "}
          <When time={createdTime} />
          {grantedTime !== createdTime && (
            <>
              {" "}
              (allowed again <When time={grantedTime} />)
            </>
          )}
        </p>
        <SharedPages pages={pages} />
      </div>
      <button
        type="button"
        className="button"
        aria-label={`Disconnect ${name}`}
        onClick={onDisconnect}
      >
        Disconnect
      </button>
    </>
  );
}

function SharedPages({ pages }: Pick<Connection, "pages">) {
  if (pages === "all") return <p className="row-note">Sees all pages</p>;
  if (pages.length === 0) return <p className="row-note">Sees no page</p>;
  return (
    <ul className="shared-pages" aria-label="Sees these pages and what is in them">
      {pages.map((page) => (
        <li key={page.id}>
          <SharedPage {...page} />
        </li>
      ))}
    </ul>
  );
}

function SharedPage({ id, title }: { id: string; title: string }) {
  const shown = usePageItem(id)?.title ?? (title || "Untitled");
  return (
    <Link className="chip" href={pageHref(id, shown)}>
      {shown}
    </Link>
  );
}

function DisconnectDialog({ connection, onDone }: { connection: Connection; onDone(): void }) {
  const { api, notices } = useWorkspace();
  const name = nameOf(connection);
  const disconnect = async () => {
    try {
      await api.disconnect(connection.id);
      notices.tell(`${name} is disconnected.`);
    } catch (error) {
      notices.tellError(messageOf(error));
    }
    onDone();
  };
  return (
    <ConfirmDialog
      title={`Disconnect ${name}?`}
      confirmLabel="Disconnect"
      onConfirm={() => void disconnect()}
      onCancel={onDone}
    >
      <p>Its tokens stop working at once. To use it again, somebody has to allow it anew.</p>
    </ConfirmDialog>
  );
}

function nameOf({ app }: Connection): string {
  return app.name ?? "Unnamed app";
}
