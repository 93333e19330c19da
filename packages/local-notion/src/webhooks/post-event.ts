import { createHmac } from "node:crypto";
import type { PostResult } from "../store/records.ts";

const timeoutMs = 10_000;

/** What is kept of an answer's body. */
const mostBodyBytes = 4_096;

/** Headers that help to see who answered and why. */
const toldHeaders = new Set([
  "cf-ray",
  "content-length",
  "content-type",
  "date",
  "location",
  "retry-after",
  "server",
  "www-authenticate",
  "x-powered-by",
  "x-request-id",
]);

/** Sends a body with the signature over exactly its bytes, and keeps what is answered. */
export async function postSigned(
  url: string,
  body: string,
  verificationToken: string,
): Promise<PostResult> {
  const signature = createHmac("sha256", verificationToken).update(body).digest("hex");
  const started = performance.now();
  const durationMs = (): number => Math.round((performance.now() - started) * 10) / 10;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Local Notion webhooks",
        "x-notion-signature": `sha256=${signature}`,
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await readBeginning(response);
    const headers = [...response.headers].filter(([name]) => toldHeaders.has(name));
    return {
      status: response.status,
      headers: Object.fromEntries(headers),
      ...answer,
      error: null,
      cause: null,
      durationMs: durationMs(),
    };
  } catch (error) {
    return {
      status: null,
      headers: {},
      body: "",
      isBodyCut: false,
      ...inWords(error),
      durationMs: durationMs(),
    };
  }
}

/** The status has been answered: a body that breaks off or never ends takes nothing from it. */
async function readBeginning(response: Response): Promise<Pick<PostResult, "body" | "isBodyCut">> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      isCut = size > mostBodyBytes;
      if (isCut) break;
    }
  } catch {
    isCut = true;
  }
  const bytes = Buffer.concat(chunks).subarray(0, mostBodyBytes);
  // Streaming leaves out a character that the cut has split.
  const body = new TextDecoder().decode(bytes, { stream: true });
  return { body, isBodyCut: isCut };
}

/** `fetch` says no more than that it failed; why is in the cause. */
function inWords(error: unknown): Pick<PostResult, "error" | "cause"> {
  if (!(error instanceof Error)) return { error: String(error), cause: null };
  if (error.name === "TimeoutError") {
    return { error: `There was no answer within ${timeoutMs / 1_000} s.`, cause: null };
  }
  const { cause } = error;
  if (!(cause instanceof Error)) return { error: error.message, cause: null };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  // A failed connection to several addresses has its reasons in parts, and only a code itself.
  const told = cause.message || (code ?? cause.name);
  const isTold = code === undefined || told.includes(code);
  return { error: error.message, cause: isTold ? told : `${code}: ${told}` };
}
