import { developmentApp } from "local-notion";
import type { Grant } from "../connected-tenon.ts";

const redirectUrl = "http://127.0.0.1/bench";

/** What a person who consents at Local Notion brings to the app. */
export async function askForGrant(localNotionUrl: string): Promise<Grant> {
  const { clientId, clientSecret } = developmentApp;
  const authorizeUrl = new URL("/v1/oauth/authorize", localNotionUrl);
  authorizeUrl.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    response_type: "code",
    owner: "user",
    state: "bench",
  }).toString();
  const page = await fetch(authorizeUrl);
  const form = new URLSearchParams({ decision: "allow" });
  const hidden = /<input type="hidden" name="([^"]*)" value="([^"]*)"/g;
  for (const [, name = "", value = ""] of (await page.text()).matchAll(hidden)) {
    form.append(name, value.replaceAll("&amp;", "&").replaceAll("&#39;", "'"));
  }
  const cookies = page.headers.getSetCookie().map((one) => one.split(";", 1)[0]);
  const answer = await fetch(new URL("/v1/oauth/authorize", localNotionUrl), {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { origin: authorizeUrl.origin, cookie: cookies.join("; ") },
  });
  const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code");
  if (code === null) throw new Error("Local Notion gave no code.");
  return { clientId, clientSecret, code, redirectUrl };
}
