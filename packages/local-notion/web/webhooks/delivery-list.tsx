import { useState } from "react";
import { messageOf } from "../api/request.ts";
import type { Webhook, WebhookDelivery } from "../api/webhooks.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { useWorkspace } from "../workspace/workspace.ts";
import { DeliveryRow } from "./delivery-row.tsx";

const shownAtOnce = 30;

interface DeliveryListProps {
  deliveries: readonly WebhookDelivery[];
  webhooks: readonly Webhook[];
  onChange(): void;
}

/** What was sent and how it went, the newest first. */
export function DeliveryList({ deliveries, webhooks, onChange }: DeliveryListProps) {
  const [shown, setShown] = useState(shownAtOnce);
  const canSend = webhooks.some(({ status }) => status === "active");
  return (
    <section aria-labelledby="deliveries-title">
      <header className="section-head">
        <h2 id="deliveries-title" className="section-title">
          Deliveries
        </h2>
        {canSend && <SendNow onSent={onChange} />}
      </header>
      {deliveries.length === 0 && (
        <EmptyState glyph="file" title="Nothing was sent yet.">
          <p>
            {canSend
              ? "Events show here as they are sent: what changes on pages that the app may see."
              : "Events are sent to webhooks that are active."}
          </p>
        </EmptyState>
      )}
      <ul className="deliveries">
        {deliveries
          .toReversed()
          .slice(0, shown)
          .map((delivery) => (
            <DeliveryRow
              key={`${delivery.subscriptionId} ${delivery.event.id}`}
              delivery={delivery}
              webhook={webhooks.find(({ id }) => id === delivery.subscriptionId)}
            />
          ))}
      </ul>
      {deliveries.length > shown && (
        <button type="button" className="button" onClick={() => setShown(shown + shownAtOnce)}>
          Show older ones
        </button>
      )}
    </section>
  );
}

/** Events about one thing are gathered for a while before they are sent. This ends the wait. */
function SendNow({ onSent }: { onSent(): void }) {
  const { api, notices } = useWorkspace();
  const send = async () => {
    try {
      await api.sendWaitingEvents();
      notices.tell("All waiting events are on their way.");
      onSent();
    } catch (error) {
      notices.tellError(messageOf(error));
    }
  };
  return (
    <button type="button" className="button" onClick={() => void send()}>
      <Glyph name="send" />
      Send waiting events now
    </button>
  );
}
