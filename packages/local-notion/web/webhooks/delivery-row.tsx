import { useState } from "react";
import type { Webhook, WebhookDelivery } from "../api/webhooks.ts";
import { Glyph } from "../parts/glyph.tsx";
import { ClockTime } from "../parts/when.tsx";
import { usePageItem } from "../workspace/use-pages.ts";
import { AttemptView } from "./attempt-view.tsx";
import { StateMark, type Tone } from "./state-mark.tsx";

interface DeliveryRowProps {
  delivery: WebhookDelivery;
  /** Undefined when it was deleted since. */
  webhook: Webhook | undefined;
}

/** An event for one address; on opening, what was sent and each answer to it. */
export function DeliveryRow({ delivery, webhook }: DeliveryRowProps) {
  const { event, attempts } = delivery;
  const [isOpen, setOpen] = useState(false);
  const about = usePageItem(event.entity.id)?.title;
  const { tone, words } = stateOf(delivery, webhook);
  const address = webhook?.url ?? "a deleted webhook";
  return (
    <li>
      <details className="delivery" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="delivery-line">
          <Glyph name="arrow" />
          <span className="row-words">
            <code className="delivery-type">{event.type}</code>
            <span className="row-note">
              {about === undefined ? `To ${address}` : `${about}, to ${address}`}
            </span>
          </span>
          <span className="delivery-facts">
            <StateMark tone={tone}>{words}</StateMark>
            <span className="row-time">
              {attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`},{" "}
              <ClockTime time={event.timestamp} />
            </span>
          </span>
        </summary>
        {isOpen && <DeliveryDetails delivery={delivery} />}
      </details>
    </li>
  );
}

function DeliveryDetails({ delivery: { attempts, event, state } }: { delivery: WebhookDelivery }) {
  return (
    <div className="delivery-details">
      <h3 className="section-title">Attempts</h3>
      {attempts.length === 0 ? (
        <p className="row-note">
          {state === "lost"
            ? "Never sent: it was lost on purpose, as the setting webhooks.loss asks for."
            : "The first attempt is under way."}
        </p>
      ) : (
        <ol className="attempts">
          {attempts.map((attempt, index) => (
            <AttemptView key={`${index} ${attempt.time}`} attempt={attempt} />
          ))}
        </ol>
      )}
      <h3 className="section-title">Payload</h3>
      <pre className="payload">{JSON.stringify(event, null, 2)}</pre>
    </div>
  );
}

function stateOf(
  { state, attempts }: WebhookDelivery,
  webhook: Webhook | undefined,
): { tone: Tone; words: string } {
  switch (state) {
    case "delivered":
      return { tone: "good", words: "Delivered" };
    case "failed":
      return { tone: "bad", words: "Given up" };
    case "lost":
      return { tone: "bad", words: "Lost" };
    case "waiting":
      if (webhook?.status !== "active") return { tone: "bad", words: "Stopped" };
      return { tone: "waiting", words: attempts.length === 0 ? "Sending" : "Trying again" };
  }
}
