import { readRetryAfterMs, type WholeAnswer } from "@tenon/connections";
import { isReading } from "../http/guarded-failure.ts";
import { StepFailure } from "../step-failure.ts";
import { readJson, readText } from "./request-answer.ts";
import { cutText } from "./request-values.ts";

const maxShown = 4_000;

/** A busy receiver did not act on the request, and says when to come back. */
export function isBusyStatus(status: number): boolean {
  return status === 429 || status === 529;
}

/** The receiver may or may not have acted on the request. */
export function isUncertainStatus(status: number): boolean {
  return status === 408 || status >= 500;
}

/** How long an answer asks to wait. */
export function readWaitMs({ headers }: WholeAnswer): number | undefined {
  const [value] = [headers["retry-after"]].flat();
  return readRetryAfterMs(value);
}

/** An error status as the failure of a step; `target` names the receiver. */
export function toStatusFailure(
  answer: WholeAnswer,
  { target, method }: { target: string; method: string },
): StepFailure {
  const { status } = answer;
  const retryAfterMs = readWaitMs(answer);
  const details = { status, ...showBody(answer) };
  if (isBusyStatus(status) || (status === 503 && retryAfterMs !== undefined)) {
    const message = `${target} is busy (status ${status}) and asks to come back later.`;
    const facts = { transient: true, details, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return new StepFailure("rate_limited", message, facts);
  }
  const message = `${target} answered with status ${status}.`;
  if (!isUncertainStatus(status)) return new StepFailure("request_failed", message, { details });
  const happened = isReading(method) ? "no" : "unknown";
  return new StepFailure("request_failed", message, { transient: true, happened, details });
}

/** An answer's body for the history: JSON as such where it is short, else the beginning. */
export function showBody(answer: WholeAnswer): { body?: unknown } {
  if (answer.body.length === 0) return {};
  const json = answer.body.length <= maxShown ? readJson(answer) : undefined;
  return { body: json === undefined ? cutText(readText(answer), maxShown) : json.json };
}
