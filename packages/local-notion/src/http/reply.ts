/** An answer before it is sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export function jsonReply(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * What a page made here may do: show itself in its own style. `form-action` is left out on purpose:
 * browsers apply it to the redirect that follows the consent form, which leads to the app.
 */
const strictCsp =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; " +
  "frame-ancestors 'none'";

export function htmlReply(status: number, html: string): Reply {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": strictCsp,
    // Without a referrer, forms would come from the origin "null".
    "referrer-policy": "same-origin",
  };
  return { status, headers, body: html };
}

export function redirectReply(location: string): Reply {
  return { status: 302, headers: { location, "cache-control": "no-store" }, body: "" };
}

/** Headers of every answer; pages may not be framed and load nothing from elsewhere. */
export const securityHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
} as const;
