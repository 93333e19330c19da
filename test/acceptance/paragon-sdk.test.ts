import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { connectAccount } from "../connect-account.ts";
import { startHostPage } from "../host-page.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
let host: Awaited<ReturnType<typeof startHostPage>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let userId: string;
let token: string;
let users = 0;

beforeAll(async () => {
  [tenon, host, browser] = await Promise.all([startTestTenon(), startHostPage(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await host?.[Symbol.asyncDispose]();
  await tenon?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  userId = `user-${++users}`;
  token = await tenon.signToken(userId);
  await openHostPage();
});

afterEach(async () => {
  await context.close();
});

describe("the unmodified @useparagon/connect against one origin", () => {
  it("authenticates a user who has nothing connected", async () => {
    const user = await authenticate();
    expect(user).toMatchObject({
      authenticated: true,
      userId,
      integrations: { notion: { enabled: false, allCredentials: [] } },
    });
  });

  it("tells the integration's metadata with an icon that loads", async () => {
    await authenticate();
    const metadata = await page.evaluate(() => window.paragon.getIntegrationMetadata());
    expect(metadata).toEqual([
      { type: "notion", name: "Notion", brandColor: "#1f1f1f", icon: expect.any(String) },
    ]);
    const icon = await page.evaluate(
      async ({ src }) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return image.naturalWidth;
      },
      { src: metadata[0].icon },
    );
    expect(icon).toBeGreaterThan(0);
  });

  it("stores user metadata and gives it back after the next authentication", async () => {
    await authenticate();
    await page.evaluate(() =>
      window.paragon.setUserMetadata({ email: "ada@example.com", plan: "pro" }),
    );
    await openHostPage();
    const user = await authenticate();
    expect(user.meta).toEqual({ Email: "ada@example.com", plan: "pro" });
  });

  it("merges metadata given at authentication", async () => {
    await authenticate({ metadata: { Name: "Ada" } });
    await openHostPage();
    const user = await authenticate();
    expect(user.meta).toEqual({ Name: "Ada" });
  });

  it("connects an account through the portal, and tells the page", async () => {
    await authenticate();
    await recordEvents();
    await connectThroughPortal();
    await expect.poll(() => events()).toContainEqual(["onIntegrationInstall", "notion"]);
    const user = await page.evaluate(() => window.paragon.getUser());
    expect(user.integrations.notion).toMatchObject({
      enabled: true,
      credentialStatus: "VALID",
      providerData: { workspaceName: "Acme Local" },
    });
  });

  it("shows in the portal that the user cancelled, and connects nothing", async () => {
    await authenticate();
    await connectThroughPortal("Cancel");
    await expect
      .poll(() => portal().getByRole("dialog").innerText())
      .toMatch(/not (granted|connected|shared)|nothing was connected/i);
    const user = await page.evaluate(() => window.paragon.getUser());
    expect(user.integrations.notion.enabled).toBe(false);
  });

  it("reconnects in the portal what the provider no longer accepts, and keeps its id", async () => {
    await connectAccount(tenon, { userId });
    await tenon.database.pool.query(
      `update connections set status = 'INVALID', invalid_reason = 'Notion refused it.'
       where user_id = (select id from connected_users where external_id = $1)`,
      [userId],
    );
    await authenticate();
    const before = await page.evaluate(() => window.paragon.getUser().integrations.notion);
    expect(before.credentialStatus).toBe("INVALID");
    await openPortal();
    const reconnect = portal()
      .getByRole("button", { name: /^Reconnect/ })
      .first();
    await inPopup("Allow access", () => reconnect.click());
    await expect
      .poll(() => page.evaluate(() => window.paragon.getUser().integrations.notion))
      .toMatchObject({ credentialStatus: "VALID", credentialId: before.credentialId });
  });

  it("disconnects in the portal after asking, and tells the page", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    await recordEvents();
    await openPortal();
    const dialog = portal().getByRole("dialog");
    await dialog.getByRole("tab", { name: "Configuration" }).click();
    await dialog.getByRole("button", { name: /^Disconnect/ }).click();
    const question = portal().getByRole("alertdialog");
    await question.getByRole("button", { name: "Disconnect" }).click();
    await expect.poll(() => events()).toContainEqual(["onIntegrationUninstall", "notion"]);
    const me = await tenon.call(`/projects/${tenon.projectId}/sdk/me`, { token });
    expect(me.body.integrations.notion.enabled).toBe(false);
  });

  it("sends requests of every method and unwraps the answer", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    const result = await page.evaluate(async () => {
      const { paragon } = window;
      const found = await paragon.request("notion", "/v1/search", {
        method: "POST",
        body: { filter: { property: "object", value: "page" }, page_size: 1 },
      });
      const created = await paragon.request("notion", "v1/pages", {
        method: "POST",
        body: {
          parent: { page_id: found.results[0].id },
          properties: { title: { title: [{ text: { content: "Made by the SDK" } }] } },
          children: [{ paragraph: { rich_text: [{ text: { content: "Hello" } }] } }],
        },
      });
      const renamed = await paragon.request("notion", `/v1/pages/${created.id}`, {
        method: "PATCH",
        body: { properties: { title: { title: [{ text: { content: "Renamed" } }] } } },
      });
      const children = await paragon.request(
        "notion",
        `/v1/blocks/${created.id}/children?page_size=1`,
      );
      const deleted = await paragon.request("notion", `/v1/blocks/${children.results[0].id}`, {
        method: "DELETE",
      });
      // Notion has no PUT: its own refusal shows that the method arrived.
      const put = await paragon
        .request("notion", `/v1/pages/${created.id}`, { method: "PUT", body: {} })
        .catch((error: any) => error.response);
      return { created, renamed, children, deleted, put };
    });
    expect(result.created.object).toBe("page");
    expect(result.renamed.properties.title.title[0].plain_text).toBe("Renamed");
    expect(result.children.results).toHaveLength(1);
    expect(result.deleted.in_trash).toBe(true);
    expect(result.put).toMatchObject({ object: "error", code: "invalid_request_url" });
  });

  it("fails a request with the provider's own message and body", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    const error = await page.evaluate(() =>
      window.paragon
        .request("notion", "/v1/pages/00000000-0000-4000-8000-000000000000")
        .catch((error: any) => ({ message: error.message, response: error.response })),
    );
    expect(error.message).toMatch(/^Could not find page with ID/);
    expect(error.response).toMatchObject({
      object: "error",
      status: 404,
      code: "object_not_found",
    });
  });

  it("fails a request without a connection with our own error and keeps the user", async () => {
    await authenticate();
    const error = await page.evaluate(() =>
      window.paragon
        .request("notion", "/v1/users/me")
        .catch((error: any) => ({ message: error.message, response: error.response })),
    );
    expect(error.response).toMatchObject({
      code: "connection_not_found",
      status: 404,
      meta: { requestId: expect.any(String) },
    });
    expect(await page.evaluate(() => window.paragon.getUser().authenticated)).toBe(true);
  });

  it("reaches the provider by its own absolute URL", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    const me = await page.evaluate(() =>
      window.paragon.request("notion", "https://api.notion.com/v1/users/me"),
    );
    expect(me).toMatchObject({ object: "user", type: "bot" });
  });

  it("uses the account that a request chooses", async () => {
    const first = await connectAccount(tenon, { userId });
    await connectAccount(tenon, {
      userId,
      asOtherPerson: true,
      installOptions: { allowMultipleCredentials: true, externalId: "second" },
    });
    await authenticate();
    const chosen = await page.evaluate(async () => {
      const all = window.paragon.getUser().integrations.notion.allCredentials;
      const ask = (selectedCredentialId: string) =>
        window.paragon.request("notion", "/v1/users/me", { selectedCredentialId });
      const [one, two] = all;
      return {
        count: all.length,
        byId: (await ask(two.id)).id,
        byExternalId: (await ask("second")).id,
        byPrefix: (await ask("ext:second")).id,
        other: (await ask(one.id)).id,
      };
    });
    expect(first.status).toBe(200);
    expect(chosen.count).toBe(2);
    expect(chosen.byExternalId).toBe(chosen.byId);
    expect(chosen.byPrefix).toBe(chosen.byId);
    expect(chosen.other).not.toBe(chosen.byId);
  });

  it("installs without the portal", async () => {
    await authenticate();
    await recordEvents();
    await inPopup("Allow access", () =>
      page.evaluate(() => void window.paragon.installIntegration("notion")),
    );
    await expect
      .poll(() => events(), { timeout: 15_000 })
      .toContainEqual(["onIntegrationInstall", "notion"]);
    const account = await page.evaluate(() => window.paragon.getIntegrationAccount("notion", {}));
    expect(account).toMatchObject({ status: "VALID", integrationId: tenon.integrationId });
    expect(JSON.stringify(account)).not.toContain("ntn_");
  });

  it("uninstalls, and the provider no longer accepts the token", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    await recordEvents();
    await page.evaluate(() => window.paragon.uninstallIntegration("notion"));
    expect(await events()).toContainEqual(["onIntegrationUninstall", "notion"]);
    const again = await page.evaluate(() =>
      window.paragon
        .uninstallIntegration("notion")
        .catch((error: Error) => error.constructor.name + error.message),
    );
    expect(String(again)).toMatch(/not installed/i);
  });

  it("runs headless with an install flow", async () => {
    await authenticate();
    await page.evaluate(() => window.paragon.setHeadless(true));
    await inPopup("Allow access", () =>
      page.evaluate(() => {
        window.seen = [];
        window.paragon.installFlow.start("notion", {
          onComplete: (event: any) => window.seen.push(["complete", event.integrationType]),
          onError: (error: Error) => window.seen.push(["error", error.message]),
        });
      }),
    );
    await expect
      .poll(() => page.evaluate(() => window.seen), { timeout: 15_000 })
      .toEqual([["complete", "notion"]]);
  });

  it("restores the user after a reload, without authenticating again", async () => {
    await connectAccount(tenon, { userId });
    await authenticate();
    await openHostPage();
    await expect
      .poll(() => page.evaluate(() => window.paragon.getUser()))
      .toMatchObject({ authenticated: true, userId, integrations: { notion: { enabled: true } } });
    const me = await page.evaluate(() => window.paragon.request("notion", "/v1/users/me"));
    expect(me.object).toBe("user");
  });

  it("refuses an expired token and logs the user out", async () => {
    const expired = await tenon.signToken(userId, { expiresInS: -60 });
    const message = await page.evaluate(
      ([projectId, jwt]) =>
        window.paragon.authenticate(projectId, jwt).then(
          () => "accepted",
          (error: Error) => error.message,
        ),
      [tenon.projectId, expired] as const,
    );
    expect(message).toMatch(/expired/);
    expect(await page.evaluate(() => window.paragon.getUser())).toEqual({ authenticated: false });
  });

  it("logs the user out once the signing key is revoked", async () => {
    const other = await tenon.createProject("Revoking");
    const jwt = await other.signToken(userId);
    await authenticate({}, other.projectId, jwt);
    await tenon.manage(
      "DELETE",
      `/api/projects/${other.projectId}/signing-keys/${other.signingKeyId}`,
    );
    await page.evaluate(() => window.paragon.setUserMetadata({ a: "b" }).catch(() => {}));
    expect(await page.evaluate(() => window.paragon.getUser())).toEqual({ authenticated: false });
  });
});

async function openHostPage(): Promise<void> {
  await page.goto(host.url);
  await page.evaluate((url) => {
    const keys = ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
    const environments = Object.fromEntries(keys.map((key) => [`${key}_PUBLIC_URL`, url]));
    window.paragon = new window.ConnectSDK(environments);
  }, tenon.url);
}

async function authenticate(options: object = {}, projectId = tenon.projectId, jwt = token) {
  return page.evaluate(
    async ([project, userToken, given]) => {
      await window.paragon.authenticate(project, userToken, given);
      return window.paragon.getUser();
    },
    [projectId, jwt, options] as const,
  );
}

async function recordEvents(): Promise<void> {
  await page.evaluate(() => {
    window.seen = [];
    for (const name of [
      "onIntegrationInstall",
      "onIntegrationUninstall",
      "onPortalOpen",
      "onPortalClose",
    ]) {
      window.paragon.subscribe(name, (event: any) =>
        window.seen.push([name, event?.integrationType]),
      );
    }
  });
}

function events(): Promise<unknown[]> {
  return page.evaluate(() => window.seen);
}

function portal() {
  return page.frameLocator("#paragon-connect-frame");
}

async function openPortal(): Promise<void> {
  await page.evaluate(() => void window.paragon.connect("notion", {}));
  await portal().getByRole("dialog").waitFor();
}

async function connectThroughPortal(button = "Allow access"): Promise<void> {
  await openPortal();
  await inPopup(button, () =>
    portal()
      .getByRole("button", { name: /^connect/i })
      .click(),
  );
}

/** Does what opens the sign-in window, then answers the provider's consent page in it. */
async function inPopup(button: string, open: () => Promise<unknown>): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent("popup"), open()]);
  await popup.getByRole("button", { name: button }).click();
}
