import { isUtf8 } from "node:buffer";

/** The SDK's "the server decides"; a type of the caller's own may follow it or stand before it. */
const auto = /^\s*auto\s*$/i;

/** True where a Content-Type leaves the choice to us. */
export function isAutoContentType(contentType: string): boolean {
  if (contentType === "auto") return true;
  return contentType.length < 200 && contentType.split(",").some((type) => auto.test(type));
}

/**
 * What to send for `Content-Type: auto`.
 *
 * - No body: none.
 * - A JSON type that the caller named beside `auto`: that one. The SDK sends `auto, text/plain`
 *   where its caller wrote the header's name in lower case.
 * - A body that is JSON: `application/json`.
 * - Another type that the caller named: that one.
 * - Text: `text/plain; charset=utf-8`. Bytes: `application/octet-stream`.
 *
 * @param body the whole body, or the beginning of one that is too large to keep; then what looks
 *   like an object or a list is JSON.
 */
export function resolveAutoContentType(
  contentType: string,
  body: Buffer,
  isWhole: boolean,
): string | undefined {
  if (body.length === 0) return undefined;
  const named = contentType
    .split(",")
    .find((type) => !auto.test(type))
    ?.trim();
  if (named !== undefined && /json/i.test(named)) return named;
  if (isWhole ? isJson(body) : /^\s*[[{]/.test(body.toString("latin1", 0, 64)))
    return "application/json";
  if (named !== undefined) return named;
  return isWhole && isUtf8(body) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

function isJson(body: Buffer): boolean {
  if (!isUtf8(body)) return false;
  try {
    JSON.parse(body.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
