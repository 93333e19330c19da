import { isRecord, type JsonRecord, readRecord, readText } from "../read-json.ts";

/** Why a connection failed, in the server's words. */
export interface ConnectionError {
  message: string;
  code: string | undefined;
}

/**
 * Reads the SDK's `connectionError`: the whole `oauth_error_callback` message of the sign-in
 * window, or the error of a request that the SDK made itself.
 */
export function parseConnectionError(value: unknown): ConnectionError | undefined {
  if (value instanceof Error) return parseSdkError(value);
  if (!isRecord(value)) return undefined;
  const body = readRecord(value["errorResponse"]);
  return fromBody(readText(body["message"]) ? body : { message: value["error"] });
}

/** Reads an error of an SDK function, whose message is the JSON of the server's error body. */
export function parseSdkError(error: Error): ConnectionError {
  return fromBody(parseBody(error.message)) ?? { message: error.message, code: undefined };
}

function fromBody(body: JsonRecord): ConnectionError | undefined {
  const message = readText(body["message"]);
  return message === undefined ? undefined : { message, code: readText(body["code"]) };
}

function parseBody(text: string): JsonRecord {
  try {
    return readRecord(JSON.parse(text));
  } catch {
    return {};
  }
}
