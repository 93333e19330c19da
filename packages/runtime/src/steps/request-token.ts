import { createHash } from "node:crypto";
import type { Authorization } from "@tenon/workflow";
import * as z from "zod";
import type { GuardedAnswer, GuardedHttp } from "../http/create-guarded-http.ts";
import { nameTarget } from "../http/target-url.ts";
import { StepFailure } from "../step-failure.ts";
import { readJson } from "./request-answer.ts";
import { isBusyStatus, isUncertainStatus, readWaitMs } from "./request-failure.ts";

export type ClientCredentials = Extract<Authorization, { type: "oauthClientCredentials" }>;

/** Gets access tokens with a client's own credentials (RFC 6749 §4.4). */
export interface TokenSource {
  /** A token that is still good, as far as anyone said. */
  get(projectId: string, client: ClientCredentials): Promise<string>;
  /** Another one, after `used` was refused; many callers, one request. */
  renew(projectId: string, client: ClientCredentials, used: string): Promise<string>;
}

interface HeldToken {
  token: Promise<string>;
  /** Infinity while it is being fetched. */
  expiresAtMs: number;
}

const maxHeld = 1_000;
const timeoutMs = 30_000;
const maxBytes = 1024 * 1024;
/** Where the server does not say. */
const defaultLifeMs = 300_000;
const longestEarlyMs = 60_000;

const TokenAnswer = z.object({
  access_token: z
    .string()
    .min(1)
    .regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});

/**
 * Creates a source of tokens. A token is kept in memory until shortly before its end, for one
 * project, client and secret.
 */
export function createTokenSource(http: GuardedHttp, now: () => number = Date.now): TokenSource {
  const held = new Map<string, HeldToken>();

  function fetchToken(key: string, client: ClientCredentials): Promise<string> {
    const entry: HeldToken = { token: Promise.resolve(""), expiresAtMs: Infinity };
    const fetched = requestToken(http, client);
    entry.token = fetched.then(({ access_token, expires_in }) => {
      const lifeMs = expires_in === undefined ? defaultLifeMs : expires_in * 1000;
      entry.expiresAtMs = now() + lifeMs - Math.min(longestEarlyMs, lifeMs / 4);
      return access_token;
    });
    entry.token.catch(() => {
      if (held.get(key) === entry) held.delete(key);
    });
    held.delete(key);
    held.set(key, entry);
    const [oldest] = held.keys();
    if (held.size > maxHeld && oldest !== undefined) held.delete(oldest);
    return entry.token;
  }

  async function get(projectId: string, client: ClientCredentials): Promise<string> {
    const key = toKey(projectId, client);
    const entry = held.get(key);
    return entry !== undefined && now() < entry.expiresAtMs ? entry.token : fetchToken(key, client);
  }

  return {
    get,
    async renew(projectId, client, used) {
      const key = toKey(projectId, client);
      const entry = held.get(key);
      const current = await entry?.token.catch(() => undefined);
      if (current === used && held.get(key) === entry) held.delete(key);
      return get(projectId, client);
    },
  };
}

function toKey(projectId: string, client: ClientCredentials): string {
  const { tokenUrl, clientId, clientSecret, scope, clientAuth } = client;
  const parts = JSON.stringify([projectId, tokenUrl, clientId, clientSecret, scope, clientAuth]);
  return createHash("sha256").update(parts).digest("base64");
}

async function requestToken(
  http: GuardedHttp,
  client: ClientCredentials,
): Promise<z.output<typeof TokenAnswer>> {
  const { clientId, clientSecret, scope, clientAuth } = client;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined && scope !== "") form.set("scope", scope);
  if (clientAuth === "body") {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
  }
  const answer = await sendForToken(http, {
    method: "POST",
    url: client.tokenUrl,
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    credentials: clientAuth === "basic" ? { authorization: toBasic(clientId, clientSecret) } : {},
    body: form.toString(),
    signal: AbortSignal.timeout(timeoutMs),
    maxBytes,
  });
  return readToken(answer);
}

/** RFC 6749 §2.3.1: both are form-encoded first. */
function toBasic(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  const pair = `${encode(clientId)}:${encode(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

/** The request that needs the token was not sent, so asking again is harmless. */
async function sendForToken(
  http: GuardedHttp,
  request: Parameters<GuardedHttp["send"]>[0],
): Promise<GuardedAnswer> {
  try {
    return await http.send(request);
  } catch (cause) {
    if (!(cause instanceof StepFailure)) throw cause;
    const message = `No access token: ${cause.message}`;
    const { transient, details } = cause;
    throw new StepFailure(cause.code, message, { transient, details, cause });
  }
}

function readToken(answer: GuardedAnswer): z.output<typeof TokenAnswer> {
  const { status } = answer;
  const target = nameTarget(answer.url);
  const body = readJson(answer)?.json;
  if (status < 200 || status >= 300) {
    const retryAfterMs = readWaitMs(answer);
    const transient = isBusyStatus(status) || isUncertainStatus(status);
    throw new StepFailure(
      "request_failed",
      `No access token: ${target} answered with status ${status}. Check the client id and secret.`,
      // The body may repeat what was sent: only its error code is kept (RFC 6749 §5.2).
      {
        transient,
        details: { status, ...readErrorCode(body) },
        ...(transient && retryAfterMs !== undefined && { retryAfterMs }),
      },
    );
  }
  const parsed = TokenAnswer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new StepFailure("request_failed", `No access token: ${target} answered without one.`, {
    details: { status },
  });
}

function readErrorCode(body: unknown): { error?: string } {
  const parsed = z.object({ error: z.string().max(200) }).safeParse(body);
  return parsed.success ? { error: parsed.data.error } : {};
}
