import type { TestTenon } from "./test-tenon.ts";

interface ConnectOptions {
  userId: string;
  /** A token of another project than the harness's first. */
  token?: string;
  projectId?: string;
  installOptions?: Record<string, unknown>;
  decision?: "allow" | "cancel";
  /** Sign in at the provider as its second person: another account. */
  asOtherPerson?: boolean;
}

/**
 * Connects an account as a browser does, page by page, without one: the sign-in page and its
 * cookie, the provider's consent, the callback. Returns the callback's answer.
 */
export async function connectAccount(tenon: TestTenon, options: ConnectOptions) {
  const { userId, projectId = tenon.projectId, decision = "allow", asOtherPerson } = options;
  const token = options.token ?? (await tenon.signToken(userId));
  const cookie = await openSignIn(tenon, projectId, token);
  const authorizeUrl = await startSignIn(tenon, projectId, token, options.installOptions);
  const callbackUrl = await consent(
    asOtherPerson ? await asOther(authorizeUrl) : authorizeUrl,
    decision,
  );
  const response = await fetch(callbackUrl, { headers: { cookie } });
  return { token, callbackUrl, cookie, status: response.status, page: await response.text() };
}

/** Opens the pop-up's first page and returns the cookie it set. */
export async function openSignIn(tenon: TestTenon, projectId: string, token: string) {
  const query = new URLSearchParams({
    action: "notion",
    userToken: token,
    originForPostMessage: "http://localhost:3000",
  });
  const response = await fetch(
    `${tenon.url}/projects/${projectId}/sdk/actions/oauth-nonce?${query}`,
    { headers: { referer: "http://localhost:3000/" } },
  );
  return (response.headers.getSetCookie()[0] ?? "").split(";", 1)[0] ?? "";
}

/** Asks for the provider's authorize URL. */
export async function startSignIn(
  tenon: TestTenon,
  projectId: string,
  token: string,
  installOptions: Record<string, unknown> = {},
): Promise<string> {
  const query = new URLSearchParams({
    action: "notion",
    installOptions: JSON.stringify(installOptions),
    originForPostMessage: "http://localhost:3000",
  });
  const { body, text } = await tenon.call(
    `/v2/projects/${projectId}/sdk/actions/build-oauth?${query}`,
    { token },
  );
  if (!body?.redirectUrl) throw new Error(`No authorize URL: ${text}`);
  return body.redirectUrl;
}

/** The consent page's link to continue as somebody else. */
async function asOther(authorizeUrl: string): Promise<string> {
  const html = await (await fetch(authorizeUrl)).text();
  const [, link = ""] = /<a href="([^"]*person_id=[^"]*)"/.exec(html) ?? [];
  return new URL(link.replaceAll("&amp;", "&"), authorizeUrl).href;
}

/** Answers Local Notion's consent page and returns where it sends the browser. */
export async function consent(authorizeUrl: string, decision: "allow" | "cancel"): Promise<string> {
  const page = await fetch(authorizeUrl);
  const html = await page.text();
  const form = new URLSearchParams({ decision });
  for (const [, name = "", value = ""] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    form.append(name, value.replaceAll("&amp;", "&").replaceAll("&#39;", "'"));
  }
  const response = await fetch(new URL("/v1/oauth/authorize", authorizeUrl), {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: {
      origin: new URL(authorizeUrl).origin,
      cookie: page.headers
        .getSetCookie()
        .map((one) => one.split(";", 1)[0])
        .join("; "),
    },
  });
  const location = response.headers.get("location");
  if (!location) throw new Error(`Consent was not answered: ${await response.text()}`);
  return location;
}
