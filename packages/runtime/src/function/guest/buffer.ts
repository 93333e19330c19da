import { defineGlobal } from "./define-global.ts";
import { decodeText, encodeText, encodingOf, viewBytes } from "./text-encoding.ts";

/** The part of Node's Buffer that functions on data use: bytes to text and back. */
class TextBytes extends Uint8Array<ArrayBuffer> {
  override toString(encoding?: string, start = 0, end = this.length): string {
    return decodeText(this.subarray(start, end), encodingOf(encoding));
  }

  /** Shares memory, as Node's does. */
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end);
  }

  toJSON(): { type: "Buffer"; data: number[] } {
    return { type: "Buffer", data: Array.from(this) };
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, index) => byte === other[index]);
  }
}

type BufferSource = string | ArrayBuffer | ArrayBufferView | ArrayLike<number>;

function sharing(bytes: Uint8Array<ArrayBuffer>): TextBytes {
  return new TextBytes(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function bufferFrom(source: BufferSource, encoding?: string): TextBytes {
  if (typeof source === "string") return sharing(encodeText(source, encodingOf(encoding)));
  if (source instanceof ArrayBuffer) return sharing(new Uint8Array(source));
  if (ArrayBuffer.isView(source)) return sharing(new Uint8Array(viewBytes(source)));
  return sharing(Uint8Array.from(source));
}

function alloc(size: number, fill: number | string = 0): TextBytes {
  const bytes = sharing(new Uint8Array(size));
  if (typeof fill === "number") return bytes.fill(fill);
  const pattern = encodeText(fill, "utf8");
  if (pattern.length === 0) return bytes;
  for (let at = 0; at < size; at += 1) bytes[at] = pattern[at % pattern.length] ?? 0;
  return bytes;
}

export function concatBytes(parts: readonly Uint8Array[]): TextBytes {
  const all = sharing(new Uint8Array(parts.reduce((size, part) => size + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const Buffer = Object.assign(TextBytes, {
  from: bufferFrom,
  alloc,
  allocUnsafe: (size: number) => alloc(size),
  concat: concatBytes,
  byteLength: (source: BufferSource, encoding?: string) => bufferFrom(source, encoding).length,
  isBuffer: (value: unknown) => value instanceof TextBytes,
});

Object.defineProperty(TextBytes, "name", { value: "Buffer" });
defineGlobal("Buffer", Buffer);
