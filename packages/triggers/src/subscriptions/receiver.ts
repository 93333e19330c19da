import * as z from "zod";
import { subscriptionError } from "./subscription-error.ts";

/** What Tenon says itself, and what belongs to the connection. */
const reserved = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

function isReserved(name: string): boolean {
  return reserved.has(name) || name.startsWith("webhook-") || name.startsWith("proxy-");
}

const Headers = z
  .record(
    z
      .string()
      .max(200)
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is no name of a header"),
    z
      .string()
      .max(4_000)
      .regex(/^[\t\x20-\x7e]*$/, "must be one line of ASCII"),
  )
  .transform((headers) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
    ),
  )
  .refine((headers) => Object.keys(headers).length <= 20, "must be at most 20");

/**
 * A subscription's own headers with names in lower case. Throws `invalid_request` for what is no
 * header and for those that Tenon sets.
 */
export function parseHeaders(given: Record<string, string>): Record<string, string> {
  const parsed = Headers.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) =>
      [["headers", ...path].join("."), message].join(": "),
    );
    throw subscriptionError("invalid_request", faults.join("; "));
  }
  const refused = Object.keys(parsed.data).find(isReserved);
  if (refused === undefined) return parsed.data;
  throw subscriptionError(
    "invalid_request",
    `headers.${refused}: is set by Tenon or by the connection. Choose another name.`,
  );
}

/**
 * The address that is told, as it is sent to. Throws `invalid_request` for what is no http or https
 * URL, for http where only https is allowed, and for user names in it.
 */
export function parseAddress(text: string, { httpsOnly }: { httpsOnly: boolean }): string {
  const refuse = (why: string) => subscriptionError("invalid_request", `url: ${why}`);
  if (!URL.canParse(text)) {
    throw refuse("is no URL. Give a full one, such as https://example.com/webhooks.");
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("must begin with https:");
  if (url.protocol === "http:" && httpsOnly) {
    throw refuse("must begin with https: what is sent holds your users' data.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("holds a user name or password. Send an Authorization header instead.");
  }
  url.hash = "";
  return url.href;
}
