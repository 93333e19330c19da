import { isRedirect, type WholeAnswer } from "@tenon/connections";
import { StepFailure } from "../step-failure.ts";
import { parseTarget } from "./target-url.ts";

/** One request of a chain of redirects. */
export interface Hop {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
}

/**
 * The request that a redirect leads to (RFC 9110 §15.4), or undefined where the answer is the last.
 *
 * - 303, and 301 and 302 after POST, go on with GET and without the body; the others repeat it.
 * - To another origin no credentials go along: Authorization, Cookie, and what `secretNames` lists.
 */
export function followRedirect(
  hop: Hop,
  answer: WholeAnswer,
  secretNames: readonly string[],
): Hop | undefined {
  const { location } = answer.headers;
  if (!isRedirect(answer.status) || typeof location !== "string") return undefined;
  if (!URL.canParse(location, hop.url)) {
    throw new StepFailure("request_failed", `${hop.url.host} redirects to what is no URL.`);
  }
  const url = parseTarget(new URL(location, hop.url).href);
  const dropped = new Set<string>();
  if (url.origin !== hop.url.origin) {
    for (const name of ["authorization", "cookie", "proxy-authorization", ...secretNames]) {
      dropped.add(name);
    }
  }
  const becomesGet = changesMethod(answer.status, hop.method);
  if (becomesGet)
    for (const name of Object.keys(hop.headers)) if (isOfBody(name)) dropped.add(name);
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(([name]) => !dropped.has(name)),
  );
  return becomesGet ? { url, method: "GET", headers, body: null } : { ...hop, url, headers };
}

function changesMethod(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function isOfBody(name: string): boolean {
  return name.startsWith("content-");
}
