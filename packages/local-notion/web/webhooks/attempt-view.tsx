import type { WebhookDelivery } from "../api/webhooks.ts";
import { Glyph } from "../parts/glyph.tsx";
import { ClockTime } from "../parts/when.tsx";
import { answerInWords, durationInWords, isTaken } from "./answer.ts";

type Attempt = WebhookDelivery["attempts"][number];

/** One try to deliver: when, how long it took, and what the address answered. */
export function AttemptView({ attempt }: { attempt: Attempt }) {
  if (attempt.status === null) {
    return (
      <li className="attempt-line">
        <AttemptLine attempt={attempt} />
      </li>
    );
  }
  return (
    <li>
      <details className="answer">
        <summary className="attempt-line">
          <AttemptLine attempt={attempt} />
          <Glyph name="arrow" />
        </summary>
        <Answer attempt={attempt} />
      </details>
    </li>
  );
}

function AttemptLine({ attempt }: { attempt: Attempt }) {
  return (
    <>
      <ClockTime time={attempt.time} />
      <span className={isTaken(attempt) ? "is-taken" : "is-refused"}>{answerInWords(attempt)}</span>
      <span className="attempt-duration">{durationInWords(attempt.durationMs)}</span>
    </>
  );
}

function Answer({ attempt: { headers, body, isBodyCut } }: { attempt: Attempt }) {
  return (
    <div className="answer-details">
      <dl className="answer-headers">
        {Object.entries(headers).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body === "" ? (
        <p className="row-note">The body was empty.</p>
      ) : (
        <pre className="payload">{body}</pre>
      )}
      {isBodyCut && <p className="row-note">Only the beginning of the body is kept.</p>}
    </div>
  );
}
