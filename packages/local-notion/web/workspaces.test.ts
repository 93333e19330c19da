import { Client } from "@notionhq/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../test/browser.ts";
import { createLocalNotion, type LocalNotion } from "../src/index.ts";
import { askControl } from "./testing/ask-control.ts";
import { collectComplaints } from "./testing/collect-complaints.ts";
import { accessibilityMs, expectAccessible } from "./testing/expect-accessible.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let notion: LocalNotion;
let complaints: string[];
let otherId: string;
let other: Client;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  notion = await createLocalNotion({ settings: { rateLimit: null } });
  const made = await control<{ id: string }>("POST", "/_local/workspaces", {
    name: "Beta Works",
    icon: "🌊",
    people: [{ name: "Cleo Cole", email: "cleo@beta.example" }],
  });
  otherId = made.id;
  const { token } = await control<{ token: string }>(
    "GET",
    `/_local/session?workspace_id=${otherId}`,
  );
  other = new Client({ auth: token, baseUrl: notion.url, notionVersion: "2026-03-11" });
  await openBrowser({});
});

afterEach(async () => {
  await context.close();
  await notion.close();
  expect(complaints).toEqual([]);
});

const pages = () => page.getByRole("navigation", { name: "Pages" });
const switchButton = (name: string) => page.getByRole("button", { name });

test("goes to another workspace by keyboard, stays there, and shows nothing of the first", async () => {
  await addPage("Tides");
  await page.goto(notion.url);
  await pages().getByRole("link", { name: "Handbook" }).waitFor();
  await switchButton("Acme Local").press("Enter");
  const menu = page.getByRole("menu", { name: "Workspaces" });
  const first = menu.getByRole("menuitemradio", { name: "Acme Local" });
  expect(await first.getAttribute("aria-checked")).toBe("true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await pages().getByRole("link", { name: "Tides" }).waitFor();
  expect(await pages().getByRole("link", { name: "Handbook" }).count()).toBe(0);
  await page.getByText("Cleo Cole").waitFor();

  await page.reload();
  await pages().getByRole("link", { name: "Tides" }).waitFor();
  await pages().getByRole("button", { name: "New page" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect.poll(async () => (await other.search({})).results.length).toBe(2);
});

test("opens a page's address in the workspace it is in, and follows changes there", async () => {
  const id = await addPage("Tides");
  await page.goto(`${notion.url}/p/${id.replaceAll("-", "")}`);
  await switchButton("Beta Works").waitFor();
  await addPage("Currents");
  await pages().getByRole("link", { name: "Currents" }).waitFor();
});

test("falls back to the first workspace when the chosen one is gone", async () => {
  await page.goto(notion.url);
  await switchButton("Acme Local").click();
  await page.getByRole("menuitemradio", { name: "Beta Works" }).click();
  await switchButton("Beta Works").waitFor();
  await control("DELETE", `/_local/workspaces/${otherId}`);
  await page.reload();
  await pages().getByRole("link", { name: "Handbook" }).waitFor();
  expect(await page.getByRole("button", { name: "Acme Local" }).count()).toBe(0);
  // The browser reports what was refused: the session, and before it the live stream if it asked.
  complaints = complaints.filter((text) => !/status of (401|404)/.test(text));
});

test(
  "shows meeting notes with what is in them",
  async () => {
    const id = await addPage("Weekly");
    await control("POST", "/_local/meeting-notes", {
      pageId: id,
      title: "Tide tables",
      summary: ["High water moves."],
      transcript: ["Good morning."],
    });
    await page.goto(`${notion.url}/p/${id.replaceAll("-", "")}`);
    const notes = page.getByRole("region", { name: "Meeting notes" });
    await notes.getByText("Tide tables").waitFor();
    await notes.getByText("Transcript").waitFor();
    await expectAccessible(page);
  },
  accessibilityMs,
);

test.for([
  { colorScheme: "light", width: 1100 },
  { colorScheme: "dark", width: 1100 },
  { colorScheme: "light", width: 320 },
] as const)(
  "is accessible with the switch open, $colorScheme, $width px",
  { timeout: accessibilityMs },
  async ({ colorScheme, width }) => {
    await context.close();
    await openBrowser({ colorScheme, viewport: { width, height: 700 } });
    await page.goto(notion.url);
    if (width < 700) await page.getByRole("button", { name: "Show the sidebar" }).click();
    await switchButton("Acme Local").click();
    await page.getByRole("menuitemradio", { name: "Beta Works" }).waitFor();
    await expectAccessible(page);
  },
);

async function openBrowser(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  complaints = collectComplaints(page);
}

async function addPage(title: string): Promise<string> {
  const { id } = await other.pages.create({
    parent: { type: "workspace", workspace: true },
    properties: { title: { title: [{ text: { content: title } }] } },
  });
  return id;
}

function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  return askControl(notion.url, [method, path, body]);
}
