import { useRef, useState } from "react";
import type { Api } from "../api/api.ts";
import { messageOf } from "../api/request.ts";
import type { App, Webhook, WebhookDelivery } from "../api/webhooks.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { useResource } from "../state/resource.ts";
import { ResourceStates } from "../views/resource-states.tsx";
import { View } from "../views/view.tsx";
import { useWorkspace } from "../workspace/workspace.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { NewWebhookForm } from "./new-webhook-form.tsx";
import { WebhookRow } from "./webhook-row.tsx";

/** Addresses that apps are told of changes at, and what was sent to them. */
export function WebhooksView() {
  const { api } = useWorkspace();
  const { state, reload } = useResource(() => readAllOfWebhooks(api), { topic: "webhooks" });
  return (
    <View title="Webhooks" lead="Addresses that are told what changes in this workspace.">
      <ResourceStates state={state} onRetry={reload} />
      {state.status === "ready" && (
        <>
          <Webhooks {...state.value} onChange={reload} />
          {(state.value.webhooks.length > 0 || state.value.deliveries.length > 0) && (
            <DeliveryList {...state.value} onChange={reload} />
          )}
        </>
      )}
    </View>
  );
}

interface AllOfWebhooks {
  apps: readonly App[];
  webhooks: readonly Webhook[];
  deliveries: readonly WebhookDelivery[];
}

async function readAllOfWebhooks(api: Api): Promise<AllOfWebhooks> {
  const [apps, webhooks, deliveries] = await Promise.all([
    api.apps(),
    api.webhooks(),
    api.webhookDeliveries(),
  ]);
  return { apps, webhooks, deliveries };
}

function Webhooks(props: AllOfWebhooks & { onChange(): void }) {
  const { apps, webhooks, onChange } = props;
  const [isAdding, setAdding] = useState(false);
  const [newId, setNewId] = useState<string>();
  const [leaving, setLeaving] = useState<Webhook>();
  const addButton = useRef<HTMLButtonElement>(null);
  const made = (webhook: Webhook) => {
    setAdding(false);
    setNewId(webhook.id);
    onChange();
  };
  return (
    <section className="webhooks" aria-labelledby="webhooks-title">
      <header className="section-head">
        <h2 id="webhooks-title" className="section-title">
          Subscriptions
        </h2>
        <button
          ref={addButton}
          type="button"
          className="button is-main"
          aria-expanded={isAdding}
          onClick={() => setAdding(!isAdding)}
        >
          <Glyph name="add" />
          New webhook
        </button>
      </header>
      {isAdding && (
        <NewWebhookForm
          apps={apps}
          onMade={made}
          onCancel={() => {
            setAdding(false);
            addButton.current?.focus();
          }}
        />
      )}
      {webhooks.length === 0 && !isAdding && (
        <EmptyState glyph="send" title="No address is told of changes yet.">
          <p>A new webhook gets a token first, to show that somebody reads what comes there.</p>
        </EmptyState>
      )}
      <ul className="webhook-list">
        {webhooks.toReversed().map((webhook) => (
          <WebhookRow
            key={webhook.id}
            webhook={webhook}
            appName={apps.find(({ clientId }) => clientId === webhook.appId)?.name ?? "Unknown app"}
            isNew={webhook.id === newId}
            onChange={onChange}
            onDelete={() => setLeaving(webhook)}
          />
        ))}
      </ul>
      {leaving && (
        <DeleteDialog
          webhook={leaving}
          onDone={() => {
            setLeaving(undefined);
            onChange();
          }}
        />
      )}
    </section>
  );
}

function DeleteDialog({ webhook, onDone }: { webhook: Webhook; onDone(): void }) {
  const { api, notices } = useWorkspace();
  const remove = async () => {
    try {
      await api.deleteWebhook(webhook.id);
      notices.tell("The webhook is deleted.");
    } catch (error) {
      notices.tellError(messageOf(error));
    }
    onDone();
  };
  return (
    <ConfirmDialog
      title="Delete this webhook?"
      confirmLabel="Delete"
      onConfirm={() => void remove()}
      onCancel={onDone}
    >
      <p>{webhook.url} gets no more events, and those that wait for another attempt are dropped.</p>
    </ConfirmDialog>
  );
}
