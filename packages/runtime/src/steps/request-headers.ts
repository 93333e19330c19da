import { asText } from "./request-values.ts";
import { StepFailure } from "../step-failure.ts";

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 §5.5: visible characters, spaces and tabs, and bytes above ASCII. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What frames a message, or is for one connection only: it is ours to say. */
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers by name in lower case. */
export type Headers = Record<string, string>;

/**
 * Headers of a message from a step's named values. A name given twice is one list (RFC 9110 §5.3);
 * what is null or undefined is left out.
 *
 * @throws StepFailure where a name or value is none, or frames the message.
 */
export function toHeaders(values: readonly { name: string; value?: unknown }[]): Headers {
  const headers: Headers = {};
  for (const { name: spelling, value } of values) {
    const name = spelling.trim().toLowerCase();
    const text = asText(value)?.trim();
    if (text === undefined) continue;
    assertHeader(name, text);
    // Computed by us in any case; often there because a request was copied from elsewhere.
    if (name === "content-length") continue;
    const earlier = Object.hasOwn(headers, name) ? headers[name] : undefined;
    const separator = name === "cookie" ? "; " : ", ";
    headers[name] = earlier === undefined ? text : `${earlier}${separator}${text}`;
  }
  return headers;
}

function assertHeader(name: string, text: string): void {
  const shown = JSON.stringify(name.slice(0, 100));
  if (!token.test(name)) {
    throw new StepFailure("invalid_input", `${shown} is no name of a header.`);
  }
  if (framing.has(name) && name !== "content-length") {
    throw new StepFailure("invalid_input", `The header ${shown} cannot be set by a step.`);
  }
  if (!fieldValue.test(text)) {
    throw new StepFailure(
      "invalid_input",
      `The value of the header ${shown} has a line break, or a character that headers cannot hold.`,
    );
  }
}
