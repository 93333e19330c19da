import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RingKey } from "./key-ring.ts";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Why a sealed value could not be opened. Stays inside: it reaches no caller of the API. */
export class SealingError extends Error {
  override readonly name = "SealingError";
  readonly code: "key_unknown" | "unreadable" | "data_key_missing";

  constructor(code: SealingError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Seals with AES-256-GCM. Layout: version (1 byte), length of the key id (1), key id, nonce (12),
 * tag (16), ciphertext. The header and `context` are authenticated: a value sealed for one context
 * does not open in another, and no byte can be changed.
 */
export function sealEnvelope(key: RingKey, context: readonly string[], plaintext: Buffer): Buffer {
  const id = Buffer.from(key.id);
  const header = Buffer.concat([Buffer.of(version, id.length), id]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key.key, nonce);
  cipher.setAAD(toAdditionalData(header, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), ciphertext]);
}

/** Opens what {@link sealEnvelope} made with the same key and context. */
export function openEnvelope(key: RingKey, context: readonly string[], sealed: Buffer): Buffer {
  const headerBytes = 2 + readKeyId(sealed).length;
  const nonceEnd = headerBytes + nonceBytes;
  const tagEnd = nonceEnd + tagBytes;
  try {
    const decipher = createDecipheriv(
      "aes-256-gcm",
      key.key,
      sealed.subarray(headerBytes, nonceEnd),
      {
        authTagLength: tagBytes,
      },
    );
    decipher.setAAD(toAdditionalData(sealed.subarray(0, headerBytes), context));
    decipher.setAuthTag(sealed.subarray(nonceEnd, tagEnd));
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]);
  } catch (cause) {
    throw new SealingError(
      "unreadable",
      `The sealed value at ${context.join("/")} does not open: it was changed, moved from elsewhere, or sealed with another key named "${key.id}".`,
      { cause },
    );
  }
}

/** The id of the key a value was sealed with. */
export function readKeyId(sealed: Buffer): string {
  const idEnd = 2 + (sealed[1] ?? 0);
  if (sealed[0] !== version || sealed.length < idEnd + nonceBytes + tagBytes) {
    throw new SealingError(
      "unreadable",
      `A sealed value of ${sealed.length} bytes is not of a form this version of Tenon knows.`,
    );
  }
  return sealed.toString("utf8", 2, idEnd);
}

/** Each part is preceded by its length, so that no two contexts look alike. */
function toAdditionalData(header: Buffer, context: readonly string[]): Buffer {
  const parts = context.flatMap((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat([header, ...parts]);
}
