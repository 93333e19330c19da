import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../test/browser.ts";
import { createLocalNotion, developmentApp, type LocalNotion } from "../src/index.ts";
import { collectComplaints } from "./testing/collect-complaints.ts";
import { accessibilityMs, expectAccessible } from "./testing/expect-accessible.ts";

let browser: Browser;
let notion: LocalNotion;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  notion = await createLocalNotion();
});
afterEach(() => notion.close());

test.for([
  { colorScheme: "light", width: 1100 },
  { colorScheme: "dark", width: 1100 },
  { colorScheme: "light", width: 320 },
] as const)(
  "says what is shared before pages are unfolded, and is accessible, $colorScheme, $width px",
  { timeout: accessibilityMs },
  async ({ colorScheme, width }) => {
    await using context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 700 },
    });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(authorizeUrl(developmentApp.clientId));
    await page.getByText("With nothing selected, all pages").waitFor();
    expect(await page.getByLabel("Meeting notes").isVisible()).toBe(false);
    await page.getByText("Select pages").press("Enter");
    await page.getByLabel("Meeting notes").check();
    await page.getByText("Weekly, 12 May").hover();
    await expectAccessible(page);
    expect(complaints).toEqual([]);

    await page.goto(authorizeUrl("nobody"));
    await page.getByRole("heading", { name: "Unknown app" }).waitFor();
    await expectAccessible(page);
  },
);

test("has the colours of the workspace page", async () => {
  await using context = await browser.newContext();
  const page = await context.newPage();
  const backOf = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(authorizeUrl(developmentApp.clientId));
  const onConsent = await backOf();
  await page.goto(notion.url);
  const onWorkspace = await page.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  );
  expect(onConsent).toBe(onWorkspace);
});

function authorizeUrl(clientId: string): string {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: "http://localhost:3999/callback",
    response_type: "code",
    owner: "user",
    state: "state-1",
  });
  return `${notion.url}/v1/oauth/authorize?${query}`;
}
