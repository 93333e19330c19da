import { createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { httpError } from "../http/errors.ts";

/** A new RSA-2048 pair for RS256, in PEM. */
export async function createKeyPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** Checks a customer's own public key and returns it as SPKI PEM; throws `invalid_request`. */
export function readPublicKey(pem: string): string {
  if (/PRIVATE KEY/.test(pem)) {
    throw httpError(
      "invalid_request",
      "That is a private key. Keep it, and send the public key: openssl rsa -in key.pem -pubout.",
    );
  }
  let key;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw httpError("invalid_request", "body.publicKey is not a public key in PEM.", { cause });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < 2048) {
    throw httpError("invalid_request", "body.publicKey must be an RSA key of at least 2048 bits.");
  }
  return key.export({ type: "spki", format: "pem" }).toString();
}
