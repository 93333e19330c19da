import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectAccount, consent, openSignIn, startSignIn } from "../connect-account.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
let users = 0;
const nextUser = () => `sign-in-${++users}`;

beforeAll(async () => {
  tenon = await startTestTenon();
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

describe("signing in at the provider", () => {
  it("leads to a connection that holds no token in any answer", async () => {
    const userId = nextUser();
    const { token, status, page } = await connectAccount(tenon, { userId });
    expect([status, page]).toEqual([200, expect.stringContaining("Connected")]);
    const { text, body } = await me(token);
    expect(body.integrations.notion).toMatchObject({ enabled: true, credentialStatus: "VALID" });
    expect(text).not.toMatch(/ntn_|nrt_|secret/i);
  });

  it("stores tokens sealed", async () => {
    const { token } = await connectAccount(tenon, { userId: nextUser() });
    const { credentialId } = (await me(token)).body.integrations.notion;
    const { rows } = await tenon.database.pool.query(
      "select sealed_tokens from connections where id = $1",
      [credentialId],
    );
    expect(rows[0].sealed_tokens.length).toBeGreaterThan(50);
    expect(rows[0].sealed_tokens.toString("latin1")).not.toMatch(/ntn_/);
  });

  it("keeps the connection's id and settings when the same account connects again", async () => {
    const userId = nextUser();
    const first = await connectAccount(tenon, { userId });
    const before = (await me(first.token)).body.integrations.notion;
    await connectAccount(tenon, { userId });
    const after = (await me(first.token)).body.integrations.notion;
    expect(after.allCredentials).toHaveLength(1);
    expect(after.credentialId).toBe(before.credentialId);
    expect(after.credentialConfigId).toBe(before.credentialConfigId);
  });

  it("says in words that the user declined, and connects nothing", async () => {
    const { token, page } = await connectAccount(tenon, { userId: nextUser(), decision: "cancel" });
    expect(page).toMatch(/not granted/);
    expect((await me(token)).body.integrations.notion.enabled).toBe(false);
  });

  it("refuses a state that was never given out", async () => {
    const answer = await callback("state=forged&code=abc", "");
    expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(/not started here/)]);
  });

  it("refuses a state that was used", async () => {
    const { callbackUrl, cookie } = await connectAccount(tenon, { userId: nextUser() });
    const again = await callback(new URL(callbackUrl).search.slice(1), cookie);
    expect([again.status, again.text]).toEqual([400, expect.stringMatching(/already used/)]);
  });

  it("refuses a state that is older than ten minutes", async () => {
    const token = await tenon.signToken(nextUser());
    const cookie = await openSignIn(tenon, tenon.projectId, token);
    const authorizeUrl = await startSignIn(tenon, tenon.projectId, token);
    const callbackUrl = await consent(authorizeUrl, "allow");
    await tenon.database.pool.query(
      "update authorizations set expires_at = now() - interval '1 second' where status = 'pending'",
    );
    const answer = await callback(new URL(callbackUrl).search.slice(1), cookie);
    expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(/in time/)]);
    expect((await me(token)).body.integrations.notion.enabled).toBe(false);
  });

  it("refuses the callback in another browser, and in one of another user", async () => {
    const token = await tenon.signToken(nextUser());
    const authorizeUrl = await startSignIn(tenon, tenon.projectId, token);
    const query = new URL(await consent(authorizeUrl, "allow")).search.slice(1);
    const stranger = await openSignIn(tenon, tenon.projectId, await tenon.signToken(nextUser()));
    for (const cookie of ["", stranger, `${stranger.split("=")[0]}=forged`]) {
      const answer = await callback(query, cookie);
      expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(/another browser/)]);
    }
    expect((await me(token)).body.integrations.notion.enabled).toBe(false);
  });

  it("lets two users of one browser sign in side by side", async () => {
    const tokens = [await tenon.signToken(nextUser()), await tenon.signToken(nextUser())];
    const cookies: string[] = [];
    const urls: string[] = [];
    for (const token of tokens) {
      cookies.push(await openSignIn(tenon, tenon.projectId, token));
      urls.push(await consent(await startSignIn(tenon, tenon.projectId, token), "allow"));
    }
    for (const url of urls) {
      const answer = await callback(new URL(url).search.slice(1), cookies.join("; "));
      expect(answer.status).toBe(200);
    }
  });

  it("does not open for a page that is not among the allowed origins", async () => {
    const query = new URLSearchParams({
      action: "notion",
      userToken: await tenon.signToken(nextUser()),
      originForPostMessage: "http://localhost:3000",
    });
    const path = `/projects/${tenon.projectId}/sdk/actions/oauth-nonce?${query}`;
    const refused = await tenon.call(path, { headers: { referer: "https://evil.example/" } });
    expect([refused.status, refused.headers.get("set-cookie")]).toEqual([400, null]);
    expect(refused.text).toMatch(/evil\.example is not allowed/);
    query.set("originForPostMessage", "https://evil.example");
    const other = await tenon.call(
      `/projects/${tenon.projectId}/sdk/actions/oauth-nonce?${query}`,
      { headers: { referer: "http://localhost:3000/" } },
    );
    expect([other.status, other.headers.get("set-cookie")]).toEqual([400, null]);
  });

  it("asks the user to confirm where the browser does not say who opened the page", async () => {
    const query = new URLSearchParams({
      action: "notion",
      userToken: await tenon.signToken(nextUser()),
      originForPostMessage: "http://localhost:3000",
    });
    const answer = await tenon.call(
      `/projects/${tenon.projectId}/sdk/actions/oauth-nonce?${query}`,
      {},
    );
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("announce-after-click");
  });

  it("shows a bad user token's fault on the page, escaped", async () => {
    const query = new URLSearchParams({
      action: "<script>alert(1)</script>",
      userToken: "nonsense",
      originForPostMessage: "http://localhost:3000",
    });
    const answer = await tenon.call(
      `/projects/${tenon.projectId}/sdk/actions/oauth-nonce?${query}`,
      {},
    );
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("not a JSON Web")]);
    expect(answer.text).not.toContain("<script>alert");
  });

  it("serves its pages without inline code and never in a frame", async () => {
    const { headers } = await callback("state=x", "");
    expect(headers.get("content-security-policy")).toMatch(
      /script-src 'self'.*frame-ancestors 'none'/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("switched off, an integration starts no sign-in", async () => {
    const project = await tenon.createProject("Off");
    await tenon.manage("PUT", `/api/projects/${project.projectId}/integrations/notion`, {
      isActive: false,
    });
    const answer = await tenon.call(
      `/v2/projects/${project.projectId}/sdk/actions/build-oauth?action=notion`,
      { token: await project.signToken("ada") },
    );
    expect([answer.status, answer.body.code]).toEqual([409, "integration_inactive"]);
  });
});

describe("the portal's document", () => {
  it("may be framed by the project's allowed origins only", async () => {
    const answer = await tenon.call(`/ui?projectId=${tenon.projectId}`, {});
    expect(answer.headers.get("content-security-policy")).toMatch(
      /frame-ancestors http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\* https:\/\/\*\.localhost:\*$/,
    );
    expect(answer.headers.get("x-frame-options")).toBeNull();
    expect(answer.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  });

  it("may be framed by nobody for an unknown project or a stranger's page", async () => {
    const unknown = await tenon.call("/ui?projectId=00000000-0000-4000-8000-000000000000", {});
    expect(unknown.headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'/);
    const stranger = await tenon.call("/ui", { headers: { referer: "https://evil.example/" } });
    expect(stranger.headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'/);
  });

  it("tells whether the page around it may show it", async () => {
    const token = await tenon.signToken(nextUser());
    const ask = (origin: string) =>
      tenon.call(`/projects/${tenon.projectId}/sdk/portal?origin=${encodeURIComponent(origin)}`, {
        token,
      });
    expect((await ask("http://localhost:9")).body).toMatchObject({
      allowed: true,
      project: { title: "Acme" },
      integrations: { notion: { title: "Notion" } },
    });
    expect((await ask("https://evil.example")).body.allowed).toBe(false);
  });
});

function me(token: string) {
  return tenon.call(`/projects/${tenon.projectId}/sdk/me`, { token });
}

function callback(query: string, cookie: string) {
  return tenon.call(`/oauth?${query}`, { headers: { cookie } });
}
