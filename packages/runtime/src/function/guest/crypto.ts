import { bufferFrom, concatBytes } from "./buffer.ts";
import { defineGlobal } from "./define-global.ts";
import { askBytes } from "./host.ts";
import { encodeText, encodingOf, viewBytes } from "./text-encoding.ts";

type Data = string | ArrayBuffer | ArrayBufferView;

/** A private key as PEM, as Node takes it. */
export type PrivateKey = string | { key: string; dsaEncoding?: "der" | "ieee-p1363" };

function dataBytes(data: Data, encoding?: string): Uint8Array<ArrayBuffer> {
  return typeof data === "string" ? encodeText(data, encodingOf(encoding)) : viewBytes(data);
}

function encoded(bytes: Uint8Array<ArrayBuffer>, encoding?: string): unknown {
  const buffer = bufferFrom(bytes);
  return encoding === undefined || encoding === "buffer" ? buffer : buffer.toString(encoding);
}

/** Collects what is given to `update`; the host sees it once, at the end. */
class Collected {
  readonly #parts: Uint8Array[] = [];

  update(data: Data, encoding?: string): this {
    this.#parts.push(new Uint8Array(dataBytes(data, encoding)));
    return this;
  }

  protected collected(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

class Hash extends Collected {
  readonly #algorithm: string;
  readonly #key: string | undefined;

  constructor(algorithm: string, key?: Data) {
    super();
    this.#algorithm = algorithm;
    this.#key = key === undefined ? undefined : bufferFrom(dataBytes(key)).toString("base64");
    // An unknown algorithm is told where it is named.
    this.#digest(new Uint8Array());
  }

  #digest(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#key === undefined
      ? askBytes("hash", [this.#algorithm], bytes)
      : askBytes("hmac", [this.#algorithm, this.#key], bytes);
  }

  digest(encoding?: string): unknown {
    return encoded(this.#digest(this.collected()), encoding);
  }
}

/** Signs with a private key: RSA, or ECDSA. */
export function signBytes(
  algorithm: string,
  data: Uint8Array,
  key: PrivateKey,
): Uint8Array<ArrayBuffer> {
  return askBytes("sign", [algorithm, typeof key === "string" ? { key } : key], data);
}

class Signer extends Collected {
  readonly #algorithm: string;

  constructor(algorithm: string) {
    super();
    this.#algorithm = algorithm;
  }

  sign(key: PrivateKey, encoding?: string): unknown {
    return encoded(signBytes(this.#algorithm, this.collected(), key), encoding);
  }
}

export function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  return bufferFrom(askBytes("randomBytes", [size]));
}

export function randomUUID(): string {
  const bytes = askBytes("randomBytes", [16]);
  return formatUuid(bytes, 4);
}

/** Writes 16 bytes as a UUID (RFC 9562) of a version. */
export function formatUuid(bytes: Uint8Array, version: number): string {
  const marked = bytes.slice(0, 16);
  marked[6] = ((marked[6] ?? 0) & 0x0f) | (version << 4);
  marked[8] = ((marked[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([start, end]) => hex.slice(start, end))
    .join("-");
}

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  viewBytes(view).set(askBytes("randomBytes", [view.byteLength]));
  return view;
}

/** The part of Node's `node:crypto` and of the web's `crypto` that there is. */
export const crypto = {
  randomUUID,
  randomBytes,
  getRandomValues,
  createHash: (algorithm: string) => new Hash(algorithm),
  createHmac: (algorithm: string, key: Data) => new Hash(algorithm, key),
  createSign: (algorithm: string) => new Signer(algorithm),
  sign: (algorithm: string, data: Data, key: PrivateKey) =>
    bufferFrom(signBytes(algorithm, dataBytes(data), key)),
};

defineGlobal("crypto", crypto);
