import { canDecode } from "./body-decoder.ts";
import { type ProviderHeaders, readHeader } from "./response-headers.ts";

/** The wire's `{"output": …}` (the SDK takes it off again), written around a body as it passes. */
export const wrapperStart = '{"output":';
export const wrapperEnd = "}";
export const wrapperLength = wrapperStart.length + wrapperEnd.length;

/**
 * Whether an answer gets the envelope: a successful one whose body is one whole JSON text in UTF-8.
 * Errors stay as they are, so that the SDK shows the provider's own message.
 */
export function isWrapped(status: number, headers: ProviderHeaders): boolean {
  // 204 and 205 have no body, 206 has a part of one.
  if (status < 200 || status >= 300 || (status >= 204 && status <= 206)) return false;
  const coding = readHeader(headers, "content-encoding");
  if (coding !== undefined && !canDecode(coding)) return false;
  return isJson(readHeader(headers, "content-type") ?? "");
}

function isJson(contentType: string): boolean {
  if (contentType === "application/json; charset=utf-8") return true;
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  if (type.trim() !== "application/json") return false;
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith("charset="));
  return charset === undefined || /^charset="?(utf-?8|us-ascii)"?$/.test(charset);
}
