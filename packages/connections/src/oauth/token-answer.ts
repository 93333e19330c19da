import {
  type Connector,
  firstString,
  type ProviderData,
  readPath,
  readProviderError,
} from "@tenon/connector";
import * as z from "zod";
import type { ProviderAnswer } from "./provider-call.ts";
import { toSentence } from "./provider-words.ts";
import type { FailedOutcome, TokenOutcome } from "./token-outcome.ts";

/** RFC 6749 §5.1; a token is what may stand in a header (appendix A.12, without spaces). */
const Token = z.string().regex(/^[\x21-\x7e]{1,8192}$/);
const TokenResponse = z.looseObject({
  access_token: Token,
  refresh_token: Token.nullish(),
  expires_in: z.coerce.number().positive().nullish().catch(undefined),
});

/** Statuses at which an error code speaks about the request itself (RFC 6749 §5.2). */
const refusalStatuses: ReadonlySet<number> = new Set([400, 401, 403]);
/** Error codes that say "not now" whatever their status. */
const passingCodes: ReadonlySet<string> = new Set([
  "rate_limited",
  "server_error",
  "slow_down",
  "temporarily_unavailable",
]);

/**
 * Reads what a token endpoint answered; `secrets` are hidden where the provider repeats them. A
 * success without tokens that carries an error code is a refusal: some providers answer so.
 */
export function readTokenAnswer(
  connector: Connector,
  answer: ProviderAnswer,
  secrets: readonly string[],
): TokenOutcome {
  return isSuccess(answer)
    ? readSuccess(connector, answer, secrets)
    : readFailure(connector, answer, secrets);
}

/** Whether the provider answered with a success, whatever its body says. */
export function isSuccess(answer: ProviderAnswer): answer is Answer {
  return answer.kind === "answer" && answer.status >= 200 && answer.status < 300;
}

/**
 * Reads an answer that is no success.
 *
 * - Refused for good: 400, 401 or 403 with an error code in one of the provider's error shapes. A
 *   page of HTML with such a status comes from something in between and refuses nothing.
 * - Unavailable: the provider was not reached, is busy, or refused in a way that may pass.
 * - Unknown: a 5xx or a lost answer. The provider may have acted.
 */
export function readFailure(
  connector: Connector,
  answer: ProviderAnswer,
  secrets: readonly string[],
): FailedOutcome {
  const { title } = connector;
  switch (answer.kind) {
    case "unreachable": {
      const message = `${title} could not be reached (${answer.reason}).`;
      return { kind: "unavailable", message, retryAfterMs: undefined };
    }
    case "lost":
      return readLost(title, answer.reason);
    case "answer":
      return readError(connector, answer, secrets);
    default:
      return answer satisfies never;
  }
}

type Answer = Extract<ProviderAnswer, { kind: "answer" }>;

function readLost(
  title: string,
  reason: Extract<ProviderAnswer, { kind: "lost" }>["reason"],
): FailedOutcome {
  switch (reason) {
    case "timeout":
      return { kind: "unknown", reason, message: `${title} did not answer in time.` };
    case "cut":
      return { kind: "unknown", reason, message: `${title} broke the connection off.` };
    case "too_long":
      return { kind: "unknown", reason: "unreadable", message: `${title}'s answer was too long.` };
    default:
      return reason satisfies never;
  }
}

function readSuccess(
  connector: Connector,
  answer: Answer,
  secrets: readonly string[],
): TokenOutcome {
  const { auth, title } = connector;
  const body = parseJson(answer.text);
  const response = TokenResponse.safeParse(body);
  if (!response.success) {
    const refusal = readRefusal(connector, body, secrets);
    return refusal ?? (isHtml(answer) ? html(title, answer) : unreadable(title));
  }
  const { access_token, refresh_token, expires_in } = response.data;
  return {
    kind: "granted",
    grant: {
      accessToken: access_token,
      refreshToken: refresh_token ?? undefined,
      expiresAt:
        typeof expires_in === "number" ? new Date(Date.now() + expires_in * 1000) : undefined,
      accountId: firstString(body, auth.accountId),
      providerData: readProviderData(auth.providerData, body),
    },
  };
}

function readError(
  connector: Connector,
  answer: Answer,
  secrets: readonly string[],
): FailedOutcome {
  const { api, title } = connector;
  const { status, retryAfterMs } = answer;
  const body = parseJson(answer.text);
  const refusal = refusalStatuses.has(status) ? readRefusal(connector, body, secrets) : undefined;
  if (refusal !== undefined) return refusal;
  if (isHtml(answer) && status >= 500) return html(title, answer);
  const error = readProviderError(api.error, body);
  const words = toSentence(error.message ?? error.code ?? "", secrets);
  const message = `${title} answered with status ${status}${words === "" ? "." : `: ${words}`}`;
  const mayHaveActed = status >= 500 && !(status === 503 && retryAfterMs !== undefined);
  return mayHaveActed
    ? { kind: "unknown", reason: "server_error", message }
    : { kind: "unavailable", message, retryAfterMs };
}

/** What an error code in the body means, unless it says "not now". */
function readRefusal(
  { api }: Connector,
  body: unknown,
  secrets: readonly string[],
): FailedOutcome | undefined {
  const { code, message } = readProviderError(api.error, body);
  if (code === undefined || passingCodes.has(code)) return undefined;
  return { kind: "refused", code, message: toSentence(message ?? code, secrets) };
}

function html(title: string, { status }: Answer): FailedOutcome {
  const message = `${title} answered with a web page (status ${status}) instead of data.`;
  return { kind: "unknown", reason: "html", message };
}

function unreadable(title: string): FailedOutcome {
  const message = `${title} answered the request for tokens with something else.`;
  return { kind: "unknown", reason: "unreadable", message };
}

function isHtml({ contentType, text }: Answer): boolean {
  return contentType.includes("text/html") || text.trimStart().startsWith("<");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readProviderData(paths: Record<string, string>, body: unknown): ProviderData {
  const found: ProviderData = {};
  for (const [name, path] of Object.entries(paths)) {
    const value = readPath(body, path);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      found[name] = value;
    }
  }
  return found;
}
