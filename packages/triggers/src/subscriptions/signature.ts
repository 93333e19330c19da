import { createHmac, randomBytes } from "node:crypto";

// Signed here, in a few lines on Node.js's own HMAC. The library `standardwebhooks`, which computes it
// in JavaScript, is what tests verify with: so that we are not judged by our own reading of the text.

/** Standard Webhooks: what a secret begins with where people see it. */
const secretPrefix = "whsec_";

/** A new secret, as it is shown. */
export function createSecret(): string {
  return secretPrefix + randomBytes(32).toString("base64");
}

/**
 * The headers that prove a message (standardwebhooks.com).
 *
 * @param message.id the same for each try to deliver it.
 * @param message.at when it is sent: receivers refuse what is old.
 */
export function signMessage(
  secret: string,
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${digest}`,
  };
}
