/**
 * A provider's HTTP API as data. The proxy and every action read this one description.
 */
export interface Api {
  /** Origin and optional path prefix, without a trailing slash. */
  baseUrl: string;
  /** Sent where the caller gives no header of that name. Names in lower case. */
  defaultHeaders: Record<string, string>;
  /** The provider's published limit for one connection. */
  rateLimit: { requests: number; windowMs: number };
  /** Where an error answer keeps its facts: dot paths into the JSON body, the first hit wins. */
  error: {
    code: readonly string[];
    message: readonly string[];
    /** Response header that names the request at the provider. */
    requestIdHeader: string;
  };
}

/** What could be read from a provider's error answer. */
export interface ProviderErrorInfo {
  code: string | undefined;
  message: string | undefined;
}

/** Reads a provider's error body by the API's description; any shape of body is accepted. */
export function readProviderError(error: Api["error"], body: unknown): ProviderErrorInfo {
  return { code: firstString(body, error.code), message: firstString(body, error.message) };
}

/** The first non-empty string found at one of the dot paths, or undefined. */
export function firstString(value: unknown, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = readPath(value, path);
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}

/** The value at a dot path of plain objects, or undefined. */
export function readPath(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}
