import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { messageOf } from "../api/request.ts";
import type { Webhook } from "../api/webhooks.ts";
import { FieldProblem } from "../parts/field-problem.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { ClockTime } from "../parts/when.tsx";
import { useWorkspace } from "../workspace/workspace.ts";
import { answerInWords, isTaken } from "./answer.ts";

interface VerifyFormProps {
  webhook: Webhook;
  /** Whether the field gets the focus, because the webhook was made just now. */
  takesFocus: boolean;
  onVerified(): void;
  onResent(): void;
}

/** Takes back the token that the address was sent: whoever has it may decide about the address. */
export function VerifyForm({ webhook, takesFocus, onVerified, onResent }: VerifyFormProps) {
  const { api, notices } = useWorkspace();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);

  const refuse = (text: string) => {
    setProblem(text);
    field.current?.focus();
  };
  const verify = async (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() === "") return refuse("Paste the token that the address got.");
    try {
      await api.verifyWebhook(webhook.id, token.trim());
      notices.tell("The webhook is active.");
      onVerified();
    } catch (error) {
      refuse(messageOf(error));
    }
  };
  const resend = async () => {
    try {
      const { tokenDelivery } = await api.resendToken(webhook.id);
      if (tokenDelivery && isTaken(tokenDelivery)) notices.tell("The token was sent again.");
      else notices.tellError("The token was sent again, and did not come through.");
      onResent();
    } catch (error) {
      notices.tellError(messageOf(error));
    }
  };
  const problemId = `${id}-problem`;
  return (
    <form className="verify" noValidate onSubmit={(event) => void verify(event)}>
      <TokenDelivery webhook={webhook} />
      <p id={`${id}-hint`} className="row-note">
        Paste the <code>verification_token</code> that the address got to activate the webhook.
      </p>
      <label className="form-field">
        <span className="field-label">Verification token</span>
        <input
          ref={field}
          type="text"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={token}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? `${id}-hint` : problemId}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <FieldProblem
        problem={problem === undefined ? undefined : { id: problemId, text: problem }}
      />
      <div className="panel-actions">
        <button type="submit" className="button is-main">
          Activate
        </button>
        <button type="button" className="button" onClick={() => void resend()}>
          Send it again
        </button>
      </div>
    </form>
  );
}

/** Whether the address got the token at all. */
function TokenDelivery({ webhook: { tokenDelivery } }: { webhook: Webhook }) {
  if (!tokenDelivery) return <p className="row-note">The token is on its way to the address.</p>;
  const { time, body } = tokenDelivery;
  if (isTaken(tokenDelivery)) {
    return (
      <p className="row-note">
        The address took the token at <ClockTime time={time} />.
      </p>
    );
  }
  return (
    <div className="token-problem">
      <Glyph name="warning" />
      <p>
        The token did not come through: {answerInWords(tokenDelivery)} at <ClockTime time={time} />.
        See to it that it answers with 200, and send the token again.
      </p>
      {body !== "" && <pre className="payload">{body}</pre>}
    </div>
  );
}
