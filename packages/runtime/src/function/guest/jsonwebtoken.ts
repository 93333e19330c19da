import { bufferFrom } from "./buffer.ts";
import { crypto, signBytes } from "./crypto.ts";

interface SignOptions {
  algorithm?: string;
  expiresIn?: number | string;
  notBefore?: number | string;
  audience?: string | string[];
  issuer?: string;
  subject?: string;
  jwtid?: string;
  keyid?: string;
  noTimestamp?: boolean;
  header?: Record<string, unknown>;
}

const unitSeconds: Record<string, number> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** Seconds of `3600` or `"1h"`. A text of digits alone is milliseconds, as in the npm package. */
function seconds(span: number | string): number {
  if (typeof span === "number") return span;
  const [, amount, unit] = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(span) ?? [];
  if (amount === undefined) throw new TypeError(`"${span}" is no span of time, such as "1h"`);
  if (unit === "" || unit === "ms") return Number(amount) / 1000;
  const factor = unitSeconds[unit?.[0]?.toLowerCase() ?? ""];
  if (factor === undefined) throw new TypeError(`"${span}" is no span of time, such as "1h"`);
  return Number(amount) * factor;
}

function claimsOf(payload: Record<string, unknown>, options: SignOptions): Record<string, unknown> {
  const now = typeof payload["iat"] === "number" ? payload["iat"] : Math.floor(Date.now() / 1000);
  const { audience: aud, issuer: iss, subject: sub, jwtid: jti, expiresIn, notBefore } = options;
  const claims: Record<string, unknown> = { ...payload };
  if (options.noTimestamp === true) delete claims["iat"];
  else claims["iat"] = now;
  for (const [name, value] of Object.entries({ aud, iss, sub, jti })) {
    if (value !== undefined) claims[name] = value;
  }
  if (expiresIn !== undefined) claims["exp"] = Math.floor(now + seconds(expiresIn));
  if (notBefore !== undefined) claims["nbf"] = Math.floor(now + seconds(notBefore));
  return claims;
}

function signature(algorithm: string, text: string, key: string): string {
  const [, family, bits] = /^(HS|RS|ES)(256|384|512)$/.exec(algorithm) ?? [];
  if (family === undefined) throw new TypeError(`"${algorithm}" is no algorithm here`);
  if (family === "HS") {
    return String(crypto.createHmac(`sha${bits}`, key).update(text).digest("base64url"));
  }
  const bytes = bufferFrom(text);
  // RFC 7518 §3.4: a JWT holds the two numbers of an ECDSA signature, not their DER.
  const options = family === "ES" ? ({ key, dsaEncoding: "ieee-p1363" } as const) : key;
  return bufferFrom(signBytes(`sha${bits}`, bytes, options)).toString("base64url");
}

function part(value: unknown): string {
  return bufferFrom(JSON.stringify(value)).toString("base64url");
}

function sign(payload: Record<string, unknown>, key: string, options: SignOptions = {}): string {
  if (typeof payload !== "object" || payload === null) {
    throw new TypeError("The payload of a token is an object");
  }
  if (typeof key !== "string" || key === "") throw new TypeError("A token needs a key, as text");
  const alg = options.algorithm ?? "HS256";
  const kid = options.keyid === undefined ? {} : { kid: options.keyid };
  const header = { alg, typ: "JWT", ...kid, ...options.header };
  const text = `${part(header)}.${part(claimsOf(payload, options))}`;
  return `${text}.${signature(alg, text, key)}`;
}

/** The payload of a token, unchecked; null where it is none. */
function decode(token: unknown): unknown {
  try {
    return JSON.parse(bufferFrom(String(token).split(".")[1] ?? "", "base64url").toString());
  } catch {
    return null;
  }
}

/** Mints JSON Web Tokens (RFC 7519) as the npm package of this name does. */
export const jsonwebtoken = { sign, decode };
