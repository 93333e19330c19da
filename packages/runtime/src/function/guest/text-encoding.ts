import { defineGlobal } from "./define-global.ts";
import { askBytes, askText } from "./host.ts";

/** Encodings of Node's Buffer. */
export type Encoding = "utf8" | "utf16le" | "latin1" | "hex" | "base64" | "base64url";

const names: Record<string, Encoding> = {
  utf8: "utf8",
  "utf-8": "utf8",
  utf16le: "utf16le",
  "utf-16le": "utf16le",
  ucs2: "utf16le",
  latin1: "latin1",
  binary: "latin1",
  ascii: "latin1",
  hex: "hex",
  base64: "base64",
  base64url: "base64url",
};

/** Reads an encoding's name as Node does. */
export function encodingOf(name: unknown = "utf8"): Encoding {
  const encoding = names[String(name).toLowerCase()];
  if (encoding === undefined) throw new TypeError(`Unknown encoding: ${String(name)}`);
  return encoding;
}

export function encodeText(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  return askBytes("encode", [text, encoding]);
}

export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  return askText("decode", [encoding], bytes);
}

/** The bytes of anything that holds bytes. */
export function viewBytes(source: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  // Nothing here makes shared memory: SharedArrayBuffer is removed from the globals.
  const buffer = source.buffer as ArrayBuffer;
  return new Uint8Array(buffer, source.byteOffset, source.byteLength);
}

class GuestTextEncoder {
  readonly encoding = "utf-8";

  encode(text: unknown = ""): Uint8Array<ArrayBuffer> {
    return encodeText(String(text), "utf8");
  }

  encodeInto(text: unknown, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of String(text)) {
      const bytes = encodeText(character, "utf8");
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

class GuestTextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label: unknown = "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    this.encoding = askText("decoderLabel", [String(label)]);
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
  }

  decode(source?: ArrayBuffer | ArrayBufferView, options: { stream?: boolean } = {}): string {
    if (options.stream === true) throw new TypeError("TextDecoder does not decode streams here");
    if (source === undefined) return "";
    const { encoding, fatal, ignoreBOM } = this;
    return askText("decodeBytes", [encoding, { fatal, ignoreBOM }], viewBytes(source));
  }
}

defineGlobal("TextEncoder", GuestTextEncoder);
defineGlobal("TextDecoder", GuestTextDecoder);
defineGlobal("btoa", (text: unknown) => askText("btoa", [String(text)]));
defineGlobal("atob", (text: unknown) => askText("atob", [String(text)]));
