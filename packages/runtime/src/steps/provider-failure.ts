import type {
  ProviderClient,
  ProviderClientErrorCode,
  ProviderRequest,
  WholeAnswer,
} from "@tenon/connections";
import { AppError, type Connector, ProviderError, readProviderError } from "@tenon/connector";
import { StepFailure, type StepFailureCode } from "../step-failure.ts";
import { readJson, readText } from "./request-answer.ts";
import { isBusyStatus, isUncertainStatus, readWaitMs } from "./request-failure.ts";
import { cutText } from "./request-values.ts";

/** Where a busy provider does not say. */
const defaultWaitMs = 1_000;

/** Who was asked for what. */
export interface Asked {
  connector: Connector;
  /** Asking twice has the effect of asking once, so that it does not matter whether it was done. */
  isRead: boolean;
}

/** An error answer to what only reads. */
class ReadError extends ProviderError {}

/** True where the provider has done nothing, whatever its answer says: it was only asked to read. */
function isOfReading(error: unknown): boolean {
  // Connectors put the same into other words.
  return error instanceof ReadError || (error instanceof Error && isOfReading(error.cause));
}

/** A provider's error answer, read by its connector's description. */
export function toProviderError(answer: WholeAnswer, { connector, isRead }: Asked): ProviderError {
  const { title, api } = connector;
  const { status } = answer;
  const json = readJson(answer)?.json;
  const { code, message } = readProviderError(api.error, json);
  const [requestId] = [answer.headers[api.error.requestIdHeader]].flat();
  const retryAfterMs = readWaitMs(answer);
  const facts = { status, code, requestId, retryAfterMs };
  const body = json ?? cutText(readText(answer), 4_000);
  const words = message ?? `${title} gave no reason.`;
  return new (isRead ? ReadError : ProviderError)(words, { ...facts, body });
}

/** An error answer of the provider as the failure of a step. */
export function fromProviderError(
  error: ProviderError,
  { connector: { title }, isRead: onlyReads }: Asked,
): StepFailure {
  const { status, code, requestId } = error;
  const isRead = onlyReads || isOfReading(error);
  const named = code === undefined ? String(status) : `${status} (${code})`;
  const message = `${title} answered ${named}: ${error.message}`;
  const facts = { details: describe(error), cause: error };
  if (isBusyStatus(status)) {
    const retryAfterMs = error.retryAfterMs ?? defaultWaitMs;
    return new StepFailure("rate_limited", message, { ...facts, transient: true, retryAfterMs });
  }
  if (status === 409)
    return new StepFailure("provider_refused", message, { ...facts, transient: true });
  if (!isUncertainStatus(status)) return new StepFailure("provider_refused", message, facts);
  const hint = isRead
    ? ""
    : ` It may have been done all the same${requestId ? ` (request ${requestId})` : ""}.`;
  return new StepFailure("provider_unavailable", message + hint, {
    ...facts,
    transient: true,
    happened: isRead ? "no" : "unknown",
    ...(isRead && status === 503 && { retryAfterMs: error.retryAfterMs }),
  });
}

/** The body too: in it, some providers name what they saved although they answer with an error. */
function describe({ status, code, requestId, body }: ProviderError): Record<string, unknown> {
  const text = JSON.stringify(body) ?? "";
  return {
    status,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(text.length <= 4_000 ? { body } : { body: cutText(text, 4_000) }),
  };
}

const codes: Readonly<Record<ProviderClientErrorCode, StepFailureCode>> = {
  connection_not_found: "connection_not_found",
  connection_invalid: "connection_invalid",
  provider_unavailable: "provider_unavailable",
  provider_timeout: "provider_timeout",
  provider_refused: "provider_refused",
  rate_limited: "rate_limited",
  proxy_target_refused: "target_refused",
  proxy_request_invalid: "invalid_input",
  upload_not_repeatable: "provider_unavailable",
  method_not_allowed: "invalid_input",
  response_too_large: "response_too_large",
  request_aborted: "provider_timeout",
};

const passing: ReadonlySet<StepFailureCode> = new Set([
  "provider_unavailable",
  "provider_timeout",
  "rate_limited",
]);

/** The provider's answer, whatever its status; where there is none, it throws StepFailure. */
export async function sendToProvider(
  client: ProviderClient,
  asked: Asked,
  request: Omit<ProviderRequest, "connector">,
): Promise<WholeAnswer> {
  try {
    return await client.send({ ...request, connector: asked.connector });
  } catch (cause) {
    throw fromClientError(cause, asked);
  }
}

function fromClientError(cause: unknown, { isRead }: Asked): unknown {
  if (!(cause instanceof AppError) || !isClientCode(cause.code)) return cause;
  const code = codes[cause.code];
  const { retryAfter } = cause;
  return new StepFailure(code, cause.message, {
    transient: passing.has(code),
    happened: cause.details["sent"] === true && !isRead ? "unknown" : "no",
    // Only a busy provider is waited for; what is out of order is tried again as steps are.
    ...(code === "rate_limited" && { retryAfterMs: (retryAfter ?? 1) * 1000 }),
    cause,
  });
}

function isClientCode(code: string): code is ProviderClientErrorCode {
  return Object.hasOwn(codes, code);
}

/** A success that is not what the connector's description says; it is not asked for again. */
export function unexpectedAnswer(
  status: number,
  { connector, isRead }: Asked,
  { reason, body }: { reason: string; body?: unknown },
): StepFailure {
  return new StepFailure(
    "provider_unavailable",
    `${connector.title} answered ${status}, but ${reason}.`,
    {
      happened: isRead ? "no" : "unknown",
      details: { status, ...(body !== undefined && { body }) },
    },
  );
}
