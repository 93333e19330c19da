import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { AppError } from "@tenon/connector";
import { SignJWT, UnsecuredJWT, importSPKI } from "jose";
import { describe, expect, it } from "vitest";
import type { ProjectView } from "./project-directory.ts";
import { createUserTokens } from "./user-tokens.ts";

const projectId = "0190c1f0-0000-7000-8000-000000000001";
const start = Date.UTC(2026, 0, 1, 12);
const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const second = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("user tokens", () => {
  it("accepts a token signed with the project's key and reads who it is for", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    const verified = await tokens.verify(await viewWith({ own }), await sign());
    expect(verified).toMatchObject({ projectId, userId: "ada", signingKeyId: "own" });
  });

  it("accepts a token of any active key, so that keys can be rotated", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    const view = await viewWith({ own, second });
    const verified = await tokens.verify(view, await sign({ key: second.privateKey }));
    expect(verified.signingKeyId).toBe("second");
  });

  it("verifies a token once and knows it from then on", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    const view = await viewWith({ own });
    const token = await sign();
    expect(tokens.peek(view, token)).toBeUndefined();
    const verified = await tokens.verify(view, token);
    expect(tokens.peek(view, token)).toBe(verified);
  });

  it("refuses a known token as soon as its key is revoked", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    const token = await sign();
    await tokens.verify(await viewWith({ own, second }), token);
    const revoked = await viewWith({ second });
    expect(tokens.peek(revoked, token)).toBeUndefined();
    await expect(codeOf(tokens.verify(revoked, token))).resolves.toBe("user_token_invalid");
  });

  it("refuses a known token of another project", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    const token = await sign();
    await tokens.verify(await viewWith({ own }), token);
    const other = await viewWith({ second }, "0190c1f0-0000-7000-8000-000000000002");
    expect(tokens.peek(other, token)).toBeUndefined();
    await expect(codeOf(tokens.verify(other, token))).resolves.toBe("user_token_invalid");
  });

  it("honours the expiry of a known token, with 30 seconds of tolerance", async () => {
    let nowMs = start;
    const tokens = createUserTokens("tenon.example", () => nowMs);
    const view = await viewWith({ own });
    const token = await sign({ expiresInS: 60 });
    await tokens.verify(view, token);
    nowMs = start + 89_000;
    expect(tokens.peek(view, token)).toBeDefined();
    nowMs = start + 90_000;
    expect(tokens.peek(view, token)).toBeUndefined();
    await expect(codeOf(tokens.verify(view, token))).resolves.toBe("user_token_expired");
  });

  it.each<[string, () => Promise<string>, string]>([
    ["expired", () => sign({ expiresInS: -31 }), "user_token_expired"],
    ["issued in the future", () => sign({ issuedInS: 31 }), "user_token_invalid"],
    ["of a stranger's key", () => sign({ key: stranger.privateKey }), "user_token_invalid"],
    ["unsigned (alg none)", async () => unsigned(), "user_token_invalid"],
    ["signed with the public key as an HMAC secret", () => confused(), "user_token_invalid"],
    ["for another audience", () => sign({ audience: "tenon.example/other" }), "user_token_invalid"],
    ["without a subject", () => sign({ subject: null }), "user_token_invalid"],
    ["with an empty subject", () => sign({ subject: "" }), "user_token_invalid"],
    ["without an issue time", () => sign({ issuedInS: null }), "user_token_invalid"],
    ["without an expiry", () => sign({ expiresInS: null }), "user_token_invalid"],
    ["with a changed payload", () => tampered(), "user_token_invalid"],
    ["that is no JWT at all", async () => "tenon_abc", "user_token_invalid"],
  ])("refuses a token %s", async (_name, make, code) => {
    const tokens = createUserTokens("tenon.example", () => start);
    await expect(codeOf(tokens.verify(await viewWith({ own }), await make()))).resolves.toBe(code);
  });

  it.each([`useparagon.com/${projectId}`, `tenon.example/${projectId}`, projectId])(
    "accepts the audience %s",
    async (audience) => {
      const tokens = createUserTokens("tenon.example", () => start);
      const verified = await tokens.verify(await viewWith({ own }), await sign({ audience }));
      expect(verified.userId).toBe("ada");
    },
  );

  it("says that a project without an active key cannot verify anything", async () => {
    const tokens = createUserTokens("tenon.example", () => start);
    await expect(tokens.verify(await viewWith({}), await sign())).rejects.toThrow(
      /no active signing key/,
    );
  });
});

interface SignOptions {
  key?: KeyObject;
  subject?: string | null;
  issuedInS?: number | null;
  expiresInS?: number | null;
  audience?: string;
}

async function sign(options: SignOptions = {}): Promise<string> {
  const { key = own.privateKey, subject = "ada", issuedInS = 0, expiresInS = 3600 } = options;
  const jwt = new SignJWT().setProtectedHeader({ alg: "RS256" });
  if (subject !== null) jwt.setSubject(subject);
  if (issuedInS !== null) jwt.setIssuedAt(start / 1000 + issuedInS);
  if (expiresInS !== null) jwt.setExpirationTime(start / 1000 + expiresInS);
  if (options.audience !== undefined) jwt.setAudience(options.audience);
  return jwt.sign(key);
}

function unsigned(): string {
  return new UnsecuredJWT({ sub: "ada" })
    .setIssuedAt(start / 1000)
    .setExpirationTime(start / 1000 + 3600)
    .encode();
}

/** The classic confusion of algorithms: HS256 with the public key's text as the secret. */
async function confused(): Promise<string> {
  const secret = Buffer.from(spki(own.publicKey));
  return new SignJWT({ sub: "ada" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(start / 1000)
    .setExpirationTime(start / 1000 + 3600)
    .sign(secret);
}

async function tampered(): Promise<string> {
  const [header, , signature] = (await sign()).split(".");
  const payload = { sub: "grace", iat: start / 1000, exp: start / 1000 + 3600 };
  return [header, Buffer.from(JSON.stringify(payload)).toString("base64url"), signature].join(".");
}

function spki(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

async function viewWith(
  keys: Record<string, { publicKey: KeyObject }>,
  id = projectId,
): Promise<ProjectView> {
  const entries = Object.entries(keys).map(
    async ([name, pair]) => [name, await importSPKI(spki(pair.publicKey), "RS256")] as const,
  );
  return {
    project: { id, title: "Test", allowedOrigins: [], runPolicy: {}, createdAt: new Date(start) },
    signingKeys: new Map(await Promise.all(entries)),
    integrations: new Map(),
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "accepted";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
