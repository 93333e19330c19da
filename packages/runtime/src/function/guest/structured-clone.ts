import { defineGlobal } from "./define-global.ts";
import { viewBytes } from "./text-encoding.ts";

type Clone = (value: unknown) => unknown;
type Keep = <T>(copy: T) => T;

const sliceTypedArray = Object.getPrototypeOf(Uint8Array.prototype).slice;

function cloneView(source: ArrayBufferView): unknown {
  if (source instanceof DataView) return new DataView(viewBytes(source).slice().buffer);
  // Not `source.slice`, which a Buffer has of its own.
  return sliceTypedArray.call(source);
}

function cloneCollection(source: Map<unknown, unknown> | Set<unknown>, clone: Clone, keep: Keep) {
  if (source instanceof Set) {
    const copy = keep(new Set());
    for (const value of source) copy.add(clone(value));
    return copy;
  }
  const copy = keep(new Map());
  for (const [key, value] of source) copy.set(clone(key), clone(value));
  return copy;
}

function cloneError(source: Error): Error {
  const copy = new Error(source.message);
  const { name, stack } = source;
  for (const [key, value] of Object.entries({ name, stack })) {
    Object.defineProperty(copy, key, { value, writable: true, configurable: true });
  }
  return copy;
}

function cloneObject(source: object, clone: Clone, keep: Keep): unknown {
  if (source instanceof Date) return keep(new Date(source));
  if (source instanceof RegExp) return keep(new RegExp(source.source, source.flags));
  if (source instanceof Error) return keep(cloneError(source));
  if (source instanceof ArrayBuffer) return keep(source.slice(0));
  if (ArrayBuffer.isView(source)) return keep(cloneView(source));
  if (source instanceof Map || source instanceof Set) return cloneCollection(source, clone, keep);
  if (source instanceof Promise || source instanceof WeakMap || source instanceof WeakSet) {
    throw new TypeError(`A ${source.constructor.name} cannot be cloned`);
  }
  const copy = keep(Array.isArray(source) ? Array(source.length) : {});
  for (const [key, value] of Object.entries(source)) {
    const property = { value: clone(value), writable: true, enumerable: true, configurable: true };
    Object.defineProperty(copy, key, property);
  }
  return copy;
}

function structuredClone(value: unknown): unknown {
  const seen = new Map<object, unknown>();
  const clone: Clone = (part) => {
    if (typeof part === "function" || typeof part === "symbol") {
      throw new TypeError(`A ${typeof part} cannot be cloned`);
    }
    if (typeof part !== "object" || part === null) return part;
    if (seen.has(part)) return seen.get(part);
    return cloneObject(part, clone, (copy) => {
      seen.set(part, copy);
      return copy;
    });
  };
  return clone(value);
}

defineGlobal("structuredClone", structuredClone);
