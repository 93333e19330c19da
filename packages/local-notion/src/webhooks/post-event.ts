import { createHmac } from "node:crypto";

const timeoutMs = 10_000;

export interface PostResult {
  status: number | null;
  /** Why there was no answer. */
  error: string | null;
}

/** Sends a body with the signature over exactly its bytes. */
export async function postSigned(
  url: string,
  body: string,
  verificationToken: string,
): Promise<PostResult> {
  const signature = createHmac("sha256", verificationToken).update(body).digest("hex");
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
    await response.body?.cancel();
    return { status: response.status, error: null };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
}
