import type { Transform } from "node:stream";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** True for one content coding (RFC 9110 §8.4.1) that can be taken off; false for a list of them. */
export function canDecode(coding: string): boolean {
  return coding === "identity" || Object.hasOwn(decoders, coding.toLowerCase());
}

/** Takes a content coding off a body as it passes. */
export interface BodyDecoder {
  /** False: wait for `onDrain` before writing more. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** No `onData` until {@link resume}. */
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** Undefined where there is nothing to decode. A body that ends too early is an error. */
export function createDecoder(
  coding: string,
  handle: {
    onData(chunk: Buffer): void;
    onDrain(): void;
    onEnd(): void;
    onError(error: Error): void;
  },
): BodyDecoder | undefined {
  const create = decoders[coding.toLowerCase()];
  if (create === undefined) return undefined;
  const decoder = create();
  decoder.on("data", handle.onData);
  decoder.on("drain", handle.onDrain);
  decoder.on("end", handle.onEnd);
  decoder.on("error", handle.onError);
  return {
    write: (chunk) => decoder.write(chunk),
    end: () => void decoder.end(),
    pause: () => void decoder.pause(),
    resume: () => void decoder.resume(),
    destroy: () => void decoder.destroy(),
  };
}
