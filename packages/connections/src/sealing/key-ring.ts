import { randomBytes } from "node:crypto";

/** A key of the operator; data keys are sealed with it. */
export interface RingKey {
  id: string;
  key: Buffer;
}

/** The operator's keys: new data keys are sealed with the active one, the others still open. */
export interface KeyRing {
  active: RingKey;
  keys: ReadonlyMap<string, RingKey>;
}

const keyBytes = 32;

/**
 * Reads a key ring from text: `<id>:<base64 of 32 bytes>` joined by commas, the active key first.
 * Throws an error that names the faulty entry and never shows a key.
 */
export function parseKeyRing(text: string): KeyRing {
  const entries = text.split(",").map((entry, index) => parseKey(entry.trim(), index + 1));
  const keys = new Map(entries.map((entry) => [entry.id, entry]));
  const [active] = entries;
  if (active === undefined || keys.size < entries.length) {
    throw new TypeError("The key ring names the same key id twice. Give each key its own id.");
  }
  return { active, keys };
}

/** A key ring of one new random key, as text for {@link parseKeyRing}. */
export function createKeyRingText(id = `k${randomBytes(4).toString("hex")}`): string {
  return `${id}:${randomBytes(keyBytes).toString("base64")}`;
}

function parseKey(entry: string, position: number): RingKey {
  const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]+={0,2})$/.exec(entry) ?? [];
  if (id === undefined || encoded === undefined) {
    throw new TypeError(
      `Key ${position} of the key ring must have the form <id>:<base64 of 32 bytes>; an id has up to 32 letters, digits, "_" or "-".`,
    );
  }
  const key = Buffer.from(encoded, "base64");
  if (key.length !== keyBytes) {
    throw new TypeError(
      `Key "${id}" of the key ring holds ${key.length} bytes instead of 32. Make one with: openssl rand -base64 32`,
    );
  }
  return { id, key };
}
