import { type ProjectSealer, type Sealer, SealingError } from "@tenon/connections";
import { createRedactor } from "@tenon/runtime";
import type { DeliveryAttempt } from "./delivery.ts";
import type { PostResult, WebhookClient } from "./post-webhook.ts";
import { openHeaders, openSecret } from "./seal-subscription.ts";
import { signMessage } from "./signature.ts";
import type { ClaimedDelivery } from "./subscription-store.ts";

export interface AttemptResult {
  attempt: DeliveryAttempt;
  retryAfterMs: number | undefined;
  /** The receiver wants nothing any more. */
  isGone: boolean;
}

interface Tools {
  client: WebhookClient;
  sealer: Sealer;
  userAgent: string;
}

/** How much of an answer is kept. */
const maxResponseLength = 1_024;

/** Tries once to deliver. Throws where the secret could not be read from the database. */
export async function attemptDelivery(
  delivery: ClaimedDelivery,
  { client, sealer, userAgent }: Tools,
): Promise<AttemptResult> {
  const projectSealer = await sealer.forProject(delivery.projectId);
  const at = new Date();
  const startedAt = performance.now();
  const opened = open(projectSealer, delivery);
  if (opened.error !== undefined) {
    return toResult(
      { kind: "failed", error: opened.error },
      { at, startedAt, clean: (one) => one },
    );
  }
  const { secret, headers } = opened;
  const { id, url, body } = delivery;
  const sent = await client.post({
    url,
    headers: {
      ...headers,
      "content-type": "application/json",
      "user-agent": userAgent,
      ...signMessage(secret, { id, at, body }),
    },
    body,
  });
  const { redact } = createRedactor(secretsOf(secret, headers));
  return toResult(sent, { at, startedAt, clean: redact });
}

function open(sealer: ProjectSealer, { subscriptionId: id, ...sealed }: ClaimedDelivery) {
  try {
    return {
      secret: openSecret(sealer, { ...sealed, id }),
      headers: openHeaders(sealer, { ...sealed, id }),
    };
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { error: `Nothing was sent: the subscription's secret cannot be opened.` };
  }
}

/** All that a receiver may echo, as a whole and without the scheme before it. */
function secretsOf(secret: string, headers: Record<string, string>): Record<string, string> {
  const values = Object.entries({ ...headers, secret }).flatMap(([name, value]) => [
    [name, value] as const,
    [`${name} value`, value.replace(/^(?:whsec_|\w+ )/, "")] as const,
  ]);
  return Object.fromEntries(values);
}

function toResult(
  sent: PostResult,
  { at, startedAt, clean }: { at: Date; startedAt: number; clean(text: string): string },
): AttemptResult {
  const durationMs = Math.round(performance.now() - startedAt);
  const time = { at: at.toISOString(), durationMs };
  if (sent.kind === "failed") {
    const attempt = { ...time, status: null, error: clean(sent.error), response: "" };
    return { attempt, retryAfterMs: undefined, isGone: false };
  }
  const { status, text, retryAfterMs } = sent;
  const response = clean(text).slice(0, maxResponseLength).toWellFormed();
  const isBusy = status === 429 || status === 503;
  return {
    attempt: { ...time, status, error: describe(status), response },
    retryAfterMs: isBusy ? retryAfterMs : undefined,
    isGone: status === 410,
  };
}

/** Why a status does not deliver; null where it does. */
function describe(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return `The receiver answered ${status}. Redirects are not followed: give the last address.`;
  }
  return `The receiver answered ${status}.`;
}
