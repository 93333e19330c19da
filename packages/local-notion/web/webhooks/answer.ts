import type { WebhookDelivery } from "../api/webhooks.ts";

type Attempt = WebhookDelivery["attempts"][number];

/** What came back from the address. */
export function answerInWords({ status, error }: Attempt): string {
  return status === null ? `no answer (${error ?? "unknown reason"})` : `answered ${status}`;
}

export function isTaken({ status }: Attempt): boolean {
  return status !== null && status >= 200 && status < 300;
}
