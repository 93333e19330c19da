import { createHash, createHmac, createPrivateKey, randomBytes, sign } from "node:crypto";
import * as z from "zod";
import { consoleLevels, type ConsoleLine } from "./function-call.ts";
import { urlParts } from "./guest/url-parts.ts";
import { formatInternational, supportedLocales } from "./international.ts";
import { libraryIds, libraryName, librarySource } from "./library-files.ts";

/** What operations may do to the run they are asked by. */
export interface OperationRun {
  write(line: ConsoleLine): void;
  startTimer(id: number, ms: number, repeats: boolean): void;
  stopTimer(id: number): void;
}

/** An operation of the host; `input` comes from code nobody knows and is parsed. */
type Operation = (input: unknown, bytes: Uint8Array, run: OperationRun) => unknown;

function operation<T>(
  input: z.ZodType<T>,
  run: (input: T, bytes: Uint8Array, run: OperationRun) => unknown,
): Operation {
  return (given, bytes, of) => run(input.parse(given), bytes, of);
}

const text = z.string();
const Encoding = z.enum(["utf8", "utf16le", "latin1", "hex", "base64", "base64url"]);
const HashName = z
  .string()
  .toLowerCase()
  .transform((name) => name.replace(/^rsa-/, "").replace(/^sha-/, "sha"))
  .pipe(
    z.enum(
      ["md5", "sha1", "sha256", "sha384", "sha512"],
      "There is md5, sha1, sha256, sha384 and sha512",
    ),
  );
/**
 * Work of the host's own libraries cannot be stopped, not even by ending the thread. So nothing is
 * taken that makes it long: no large key, and no encrypted one, which says by itself how many rounds
 * its decryption takes.
 */
const PrivateKey = z.object({
  key: z
    .string()
    .max(16_384, "The private key is too large")
    .refine((pem) => !pem.includes("ENCRYPTED"), "Encrypted private keys are not supported"),
  dsaEncoding: z.enum(["der", "ieee-p1363"]).optional(),
});

function partsOf(url: URL): Record<string, string> {
  const parts = urlParts.map((name) => [name, url[name]]);
  return { ...Object.fromEntries(parts), origin: url.origin };
}

function parseUrl(input: string, base?: string): URL {
  const url = URL.parse(input, base);
  if (url === null) throw new TypeError(`Invalid URL: ${input.slice(0, 200)}`);
  return url;
}

function signWith(hash: string, bytes: Uint8Array, given: z.output<typeof PrivateKey>): Uint8Array {
  const { dsaEncoding = "der" } = given;
  const key = createPrivateKey(given.key);
  if (key.asymmetricKeyType !== "rsa" && key.asymmetricKeyType !== "ec") {
    throw new TypeError("Signing takes an RSA or EC private key");
  }
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) > 8192) {
    throw new TypeError("RSA keys have at most 8192 bits here");
  }
  return sign(hash, bytes, { key, dsaEncoding });
}

/**
 * All that code in the sandbox can ask of the process around it. Nothing here reads files (but the
 * listed libraries), environment or network, or keeps anything between calls.
 */
export const hostOperations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    encode: operation(z.tuple([text, Encoding]), ([value, encoding]) =>
      Buffer.from(value, encoding),
    ),
    decode: operation(z.tuple([Encoding]), ([encoding], bytes) =>
      Buffer.from(bytes).toString(encoding),
    ),
    decoderLabel: operation(z.tuple([text]), ([label]) => new TextDecoder(label).encoding),
    decodeBytes: operation(
      z.tuple([text, z.object({ fatal: z.boolean(), ignoreBOM: z.boolean() })]),
      ([label, options], bytes) => new TextDecoder(label, options).decode(bytes),
    ),
    atob: operation(z.tuple([text]), ([value]) => atob(value)),
    btoa: operation(z.tuple([text]), ([value]) => btoa(value)),
    hash: operation(z.tuple([HashName]), ([name], bytes) =>
      createHash(name).update(bytes).digest(),
    ),
    hmac: operation(z.tuple([HashName, text]), ([name, key], bytes) =>
      createHmac(name, Buffer.from(key, "base64")).update(bytes).digest(),
    ),
    sign: operation(z.tuple([HashName, PrivateKey]), ([name, key], bytes) =>
      signWith(name, bytes, key),
    ),
    randomBytes: operation(z.tuple([z.int().min(0).max(65_536)]), ([size]) => randomBytes(size)),
    parseUrl: operation(z.tuple([text]).rest(text), ([input, base]) =>
      partsOf(parseUrl(input, base)),
    ),
    changeUrl: operation(z.tuple([text, z.enum(urlParts), text]), ([href, part, value]) => {
      const url = parseUrl(href);
      url[part] = value;
      return partsOf(url);
    }),
    parseQuery: operation(z.tuple([text]), ([query]) => [...new URLSearchParams(query)]),
    formatQuery: operation(z.tuple([z.array(z.tuple([text, text]))]), ([pairs]) =>
      new URLSearchParams(pairs).toString(),
    ),
    intl: formatInternational,
    locales: supportedLocales,
    libraryIds: operation(z.tuple([]), () => libraryIds()),
    libraryName: operation(z.tuple([text]), ([id]) => libraryName(id)),
    librarySource: operation(z.tuple([text]), ([name]) => librarySource(name)),
    console: operation(z.tuple([z.enum(consoleLevels), text]), ([level, line], _bytes, run) =>
      run.write({ level, text: line }),
    ),
    startTimer: operation(
      z.tuple([z.int(), z.number(), z.boolean()]),
      ([id, ms, repeats], _bytes, run) => run.startTimer(id, ms, repeats),
    ),
    stopTimer: operation(z.tuple([z.int()]), ([id], _bytes, run) => run.stopTimer(id)),
  }),
);

/** What an operation failed with, as the sandbox is told: never a stack of the host. */
export function operationError(error: unknown): [name: string, message: string] {
  if (error instanceof z.ZodError) {
    return ["TypeError", error.issues[0]?.message ?? "The value is not valid here"];
  }
  if (!(error instanceof Error)) return ["Error", "The operation failed"];
  return [
    error instanceof RangeError ? "RangeError" : error.name === "TypeError" ? "TypeError" : "Error",
    error.message,
  ];
}
