import { useRef } from "react";
import { messageOf } from "../api/request.ts";
import type { Webhook } from "../api/webhooks.ts";
import { When } from "../parts/when.tsx";
import { useWorkspace } from "../workspace/workspace.ts";
import { answerInWords } from "./answer.ts";
import { StateMark, type Tone } from "./state-mark.tsx";
import { VerifyForm } from "./verify-form.tsx";

interface WebhookRowProps {
  webhook: Webhook;
  appName: string;
  isNew: boolean;
  onChange(): void;
  onDelete(): void;
}

const states: Record<Webhook["status"], { tone: Tone; words: string }> = {
  pending: { tone: "waiting", words: "Waiting for verification" },
  active: { tone: "good", words: "Active" },
  paused: { tone: "bad", words: "Paused" },
};

/** A subscription, its state, and what can be done about it. */
export function WebhookRow(props: WebhookRowProps) {
  const { webhook, appName, isNew, onChange, onDelete } = props;
  const row = useRef<HTMLLIElement>(null);
  const state = states[webhook.status];
  // The form that has the focus goes away.
  const verified = () => {
    row.current?.focus();
    onChange();
  };
  return (
    <li ref={row} className="webhook" tabIndex={-1} aria-label={webhook.url}>
      <div className="webhook-head">
        <div className="row-words">
          <h3 className="row-title">{webhook.url}</h3>
          <p className="row-note">
            {appName}, version {webhook.apiVersion}, made{" "}
            <When time={new Date(webhook.createdTime).toISOString()} />
          </p>
        </div>
        <StateMark tone={state.tone}>{state.words}</StateMark>
        <button
          type="button"
          className="button"
          aria-label={`Delete ${webhook.url}`}
          onClick={onDelete}
        >
          Delete
        </button>
      </div>
      <EventTypes webhook={webhook} />
      {webhook.status === "pending" && (
        <VerifyForm
          webhook={webhook}
          takesFocus={isNew}
          onVerified={verified}
          onResent={onChange}
        />
      )}
      {webhook.status === "paused" && <Paused webhook={webhook} onResumed={verified} />}
    </li>
  );
}

function EventTypes({ webhook: { eventTypes } }: { webhook: Webhook }) {
  if (eventTypes === null) return <p className="row-note">All event types</p>;
  return (
    <ul className="shared-pages" aria-label="Event types">
      {eventTypes.map((type) => (
        <li key={type} className="chip">
          {type}
        </li>
      ))}
    </ul>
  );
}

interface PausedProps {
  webhook: Webhook;
  onResumed(): void;
}

function Paused({ webhook, onResumed }: PausedProps) {
  const { api, notices } = useWorkspace();
  const resume = async () => {
    try {
      await api.resumeWebhook(webhook.id);
      notices.tell("The webhook is active.");
      onResumed();
    } catch (error) {
      notices.tellError(messageOf(error));
    }
  };
  return (
    <div className="webhook-paused">
      <p>{pauseReason(webhook)} Nothing is sent until it is resumed.</p>
      <button type="button" className="button" onClick={() => void resume()}>
        Resume
      </button>
    </div>
  );
}

function pauseReason({ pause }: Webhook): string {
  if (pause?.reason !== "failures") return "Paused by a request to the API.";
  const { failures, lastAnswer } = pause;
  const count = failures === 1 ? "an event was" : `${failures} events in a row were`;
  const last = lastAnswer ? ` Last: ${answerInWords(lastAnswer)}.` : "";
  return `Paused because ${count} given up after eight attempts.${last}`;
}
