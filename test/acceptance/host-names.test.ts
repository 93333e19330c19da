import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startHostPage } from "../host-page.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let folder: string;
let tenon: TestTenon;
let host: Awaited<ReturnType<typeof startHostPage>>;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-tls-"));
  const tls = await generate([{ name: "commonName", value: "paragon.localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "*.paragon.localhost" }] }],
  });
  const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  await writeFile(files.certFile, tls.cert);
  await writeFile(files.keyFile, tls.private);
  [tenon, host, browser] = await Promise.all([
    startTestTenon({
      url: "https://passport.paragon.localhost:PORT",
      environment: { TENON_TLS_CERT: files.certFile, TENON_TLS_KEY: files.keyFile },
    }),
    startHostPage(),
    launchBrowser(["--ignore-certificate-errors"]),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await host?.[Symbol.asyncDispose]();
  await tenon?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it("serves the unmodified SDK by host names over TLS: authenticate, connect, request", async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const called = new Set<string>();
  page.on("request", (request) => called.add(new URL(request.url()).host));
  await page.goto(host.url);
  await page.evaluate(
    async ([name, projectId, token]) => {
      window.paragon = new window.ConnectSDK(name);
      await window.paragon.authenticate(projectId, token);
    },
    [`paragon.localhost:${tenon.port}`, tenon.projectId, await tenon.signToken("ada")] as const,
  );
  await page.evaluate(() => void window.paragon.connect("notion", {}));
  const portal = page.frameLocator("#paragon-connect-frame");
  const connect = portal.getByRole("button", { name: /^connect/i });
  const [popup] = await Promise.all([page.waitForEvent("popup"), connect.click()]);
  await popup.getByRole("button", { name: "Allow access" }).click();
  await expect
    .poll(() => page.evaluate(() => window.paragon.getUser().integrations.notion.enabled), {
      timeout: 15_000,
    })
    .toBe(true);
  const me = await page.evaluate(() => window.paragon.request("notion", "/v1/users/me"));
  expect(me).toMatchObject({ object: "user", type: "bot" });
  for (const service of ["zeus", "connect", "worker-proxy"]) {
    expect(called).toContain(`${service}.paragon.localhost:${tenon.port}`);
  }
});
