import { readRetryAfterMs } from "@tenon/connections";
import {
  createAddressGuard,
  createGuardedDispatcher,
  type ResolveHost,
  TargetRefused,
} from "@tenon/runtime";
import { type Dispatcher, request } from "undici";

/** What came of sending a message once. */
export type PostResult =
  | { kind: "answered"; status: number; retryAfterMs: number | undefined; text: string }
  | { kind: "failed"; error: string };

export interface WebhookClient {
  /**
   * Sends a message once; redirects are not followed. Ends in time with the answer's status and how
   * its body begins, or with what went wrong. Never throws.
   */
  post(message: {
    url: string;
    headers: Record<string, string>;
    body: string;
  }): Promise<PostResult>;
  close(): Promise<void>;
}

/** More of an answer is not read. */
const maxAnswerBytes = 16_384;

/** Creates the client of outgoing webhooks: to the public internet and what the operator allows. */
export function createWebhookClient(options: {
  allowedPrivate: readonly string[];
  timeoutMs: number;
  resolve?: ResolveHost | undefined;
}): WebhookClient {
  const { allowedPrivate, timeoutMs, resolve } = options;
  const dispatcher = createGuardedDispatcher({
    guard: createAddressGuard(allowedPrivate),
    connectMs: timeoutMs,
    ...(resolve && { resolve }),
  });
  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(url, { dispatcher, method: "POST", headers, body, signal });
        const retryAfter = answer.headers["retry-after"];
        return {
          kind: "answered",
          status: answer.statusCode,
          retryAfterMs: readRetryAfterMs(typeof retryAfter === "string" ? retryAfter : undefined),
          text: await readBeginning(answer.body),
        };
      } catch (error) {
        return { kind: "failed", error: describe(error, { timeoutMs, isLate: signal.aborted }) };
      }
    },
    close: () => dispatcher.close(),
  };
}

/** How the body begins; one that breaks off changes nothing about what was answered. */
async function readBeginning(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxAnswerBytes) break;
    }
  } catch {
    // What came is shown.
  }
  // As a stream, half a character at the end is left out. PostgreSQL's texts hold no NUL.
  return new TextDecoder()
    .decode(Buffer.concat(chunks).subarray(0, maxAnswerBytes), { stream: true })
    .replaceAll("\0", "");
}

function describe(error: unknown, facts: { timeoutMs: number; isLate: boolean }): string {
  if (facts.isLate) return `No answer came within ${facts.timeoutMs / 1000} seconds.`;
  if (error instanceof TargetRefused) {
    return `Nothing was sent: ${error.message}. Whoever runs this Tenon can allow it.`;
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : "unknown";
  return `The receiver could not be reached or broke off: ${typeof code === "string" ? code : message}.`;
}
