import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AxeBuilder } from "@axe-core/playwright";
import { createExample } from "@tenon/example";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
let example: Server;
let browser: Browser;
let exampleUrl: string;

beforeAll(async () => {
  [tenon, browser] = await Promise.all([startTestTenon(), launchBrowser()]);
  const { projectId, signingKey } = tenon;
  example = createExample({ projectId, signingKey, tenonUrl: tenon.url });
  example.listen(0, "127.0.0.1");
  await once(example, "listening");
  exampleUrl = `http://localhost:${(example.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await browser?.close();
  example?.closeAllConnections();
  example?.close();
  await tenon?.[Symbol.asyncDispose]();
});

it.each(["light", "dark"] as const)(
  "takes a newcomer from Connect to the page in Local Notion (%s)",
  async (colorScheme) => {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: colorScheme === "dark" ? 320 : 1000, height: 800 },
    });
    const page = await context.newPage();
    await page.goto(exampleUrl);
    const manage = page.getByRole("button", { name: /^(Connect Notion|Manage connection)$/ });
    await manage.click();
    const portal = page.frameLocator("#paragon-connect-frame");
    if (colorScheme === "light") {
      const connect = portal.getByRole("button", { name: /^connect/i });
      const [popup] = await Promise.all([page.waitForEvent("popup"), connect.click()]);
      await popup.getByRole("button", { name: "Allow access" }).click();
    }
    await portal.getByRole("button", { name: "Done" }).click();
    await page.getByText("Connected to Acme Local.").waitFor();

    const title = `A note in the ${colorScheme}`;
    await page.getByLabel("Title").fill(title);
    await page.getByRole("button", { name: "Create a page" }).click();
    const link = page.getByRole("link", { name: "Open it in Notion" });
    await link.waitFor();
    const { violations } = await new AxeBuilder({ page })
      .exclude("#paragon-connect-frame")
      .analyze();
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      page.viewportSize()?.width ?? 0,
    );

    const [notionPage] = await Promise.all([page.waitForEvent("popup"), link.click()]);
    await notionPage.getByRole("heading", { level: 1, name: title }).waitFor();
    await context.close();
  },
);

it("serves nothing outside its built page", async () => {
  for (const path of ["/../package.json", "/%2e%2e/src/server.ts", "/nothing.js"]) {
    expect((await fetch(exampleUrl + path)).status).toBe(404);
  }
});
