import { createHmac, timingSafeEqual } from "node:crypto";
import type { Webhook } from "@tenon/connector";

/**
 * Whether a header signs exactly these bytes with the token. Text is compared, not what it decodes
 * to: what is cut off, has other letters or another encoding is no signature.
 */
export function isSigned(
  { prefix, algorithm, encoding }: Webhook["signature"],
  token: string,
  body: Buffer,
  header: string | undefined,
): boolean {
  if (header === undefined) return false;
  return isSameText(header, prefix + createHmac(algorithm, token).update(body).digest(encoding));
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
