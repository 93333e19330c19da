import { Client } from "@notionhq/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../test/browser.ts";
import { createLocalNotion, type LocalNotion } from "../src/index.ts";
import { askControl } from "./testing/ask-control.ts";
import { collectComplaints } from "./testing/collect-complaints.ts";
import { accessibilityMs, expectAccessible } from "./testing/expect-accessible.ts";
import { type Receiver, startReceiver } from "./testing/start-receiver.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let notion: LocalNotion;
let receiver: Receiver;
let client: Client;
/** An app that sees the whole workspace. */
let appId: string;
let pageId: string;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  receiver = await startReceiver();
  await startNotion();
  const robot = { name: "Report robot" };
  appId = (await control<{ appId: string }>("POST", "/_local/tokens", robot)).appId;
  const { token } = await control<{ token: string }>("GET", "/_local/session");
  client = new Client({ auth: token, baseUrl: notion.url, notionVersion: "2026-03-11" });
  const { id } = await client.pages.create({
    parent: { type: "workspace", workspace: true },
    properties: { title: { title: [{ text: { content: "Plans" } }] } },
  });
  pageId = id;
  await openBrowser({});
});

afterEach(async () => {
  await context.close();
  await notion.close();
  receiver.close();
  expect(complaints).toEqual([]);
});

test("adds a webhook that is active once the token its address got is given back", async () => {
  await openView();
  await page.getByText("No address is told of changes yet.").waitFor();
  await page.getByRole("button", { name: "New webhook" }).click();
  const form = page.getByRole("form", { name: "New webhook" });
  await page.keyboard.type(receiver.url);
  await form.getByLabel("App").selectOption("Report robot");
  await form.getByLabel("API version").selectOption("2025-09-03");
  await form.getByRole("checkbox", { name: "All event types" }).uncheck();
  await form.getByRole("checkbox", { name: "page.locked" }).check();
  await form.getByRole("checkbox", { name: "Comments", exact: true }).check();
  await form.getByRole("button", { name: "Create webhook" }).click();

  await row().getByText("Waiting for verification").waitFor();
  await row().getByText("comment.deleted").waitFor();
  const field = row().getByRole("textbox", { name: "Verification token" });
  await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
  await page.keyboard.type("secret_wrong");
  await page.keyboard.press("Enter");
  await row().getByRole("alert").getByText("This is not the token").waitFor();
  // The browser reports the refused request itself.
  const [refused] = complaints.splice(0);
  expect(refused).toContain("status of 400");

  await row().getByRole("button", { name: "Send it again" }).click();
  await page.getByText("The token was sent again.").waitFor();
  await expect.poll(() => receiver.bodies.length).toBe(2);
  await field.fill(String(receiver.bodies[1]?.["verification_token"]));
  await row().getByRole("button", { name: "Activate" }).click();
  await row().getByText("Active", { exact: true }).waitFor();
  expect(await row().evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await control("GET", "/_local/webhooks")).toMatchObject([
    {
      url: receiver.url,
      appId,
      apiVersion: "2025-09-03",
      eventTypes: ["page.locked", "comment.created", "comment.updated", "comment.deleted"],
      status: "active",
    },
  ]);
});

test("asks for a whole address and at least one event type, and for all unless told", async () => {
  await openView();
  await page.getByRole("button", { name: "New webhook" }).click();
  const form = page.getByRole("form", { name: "New webhook" });
  const send = form.getByRole("button", { name: "Create webhook" });
  await page.keyboard.type("example.com");
  await send.click();
  await form.getByText("Enter a whole address").waitFor();
  await form.getByLabel("Address").fill(receiver.url);
  await form.getByRole("checkbox", { name: "All event types" }).uncheck();
  await send.click();
  await form.getByText("Choose at least one event type.").waitFor();
  expect(await control("GET", "/_local/webhooks")).toEqual([]);

  await form.getByRole("checkbox", { name: "All event types" }).check();
  await form.getByLabel("API version").selectOption("2022-06-28");
  expect(await form.getByText("data_source.created").count()).toBe(0);
  await send.click();
  await row().getByText("All event types").waitFor();
  expect(await control("GET", "/_local/webhooks")).toMatchObject([{ eventTypes: null }]);
});

test("leaves the form with Cancel and the focus where it came from", async () => {
  await openView();
  await page.getByRole("button", { name: "New webhook" }).press("Enter");
  await page.getByRole("button", { name: "Cancel" }).press("Enter");
  const button = page.getByRole("button", { name: "New webhook" });
  expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
});

test("shows deliveries as they come, with every answer and the payload", async () => {
  await subscribe();
  await openView();
  await page.getByText("Nothing was sent yet.").waitFor();
  receiver.answers.push(500);
  await client.comments.create({
    parent: { page_id: pageId },
    rich_text: [{ text: { content: "Look" } }],
  });
  const delivery = deliveryOf("comment.created");
  await delivery.getByText("Delivered").waitFor();
  await delivery.getByText("2 attempts").waitFor();
  await delivery.locator("summary").press("Enter");
  await expect
    .poll(() => delivery.locator(".is-taken, .is-refused").allTextContents())
    .toEqual(["answered 500", "answered 200"]);
  const payload = JSON.parse((await delivery.locator("pre").textContent()) ?? "");
  expect(payload).toEqual(receiver.bodies.find(({ type }) => type === "comment.created"));
  // What comes later leaves open what is open.
  await rename("Plans for spring");
  await page.getByRole("button", { name: "Send waiting events now" }).click();
  await deliveryOf("page.properties_updated").getByText("Plans for spring, to").waitFor();
  expect(await delivery.locator("pre").isVisible()).toBe(true);
});

test("tells why a webhook is paused, and resumes it", async () => {
  await control("PATCH", "/_local/settings", { webhooks: { pauseAfterFailures: 1 } });
  await subscribe();
  receiver.answers.push(...Array.from({ length: 8 }, () => 503));
  await client.pages.update({ page_id: pageId, is_locked: true });
  await openView();
  await row()
    .getByText("Paused because an event was given up after eight attempts. Last: answered 503.")
    .waitFor();
  await deliveryOf("page.locked").getByText("Given up").waitFor();
  await row().getByRole("button", { name: "Resume" }).click();
  await row().getByText("Active", { exact: true }).waitFor();
});

test("shows what an address answered, and what kept it from answering", async () => {
  await subscribe();
  await openView();
  receiver.answers.push(418);
  await client.pages.update({ page_id: pageId, is_locked: true });
  const delivery = deliveryOf("page.locked");
  await delivery.getByText("Delivered").waitFor();
  await delivery.locator("summary").first().press("Enter");
  await delivery.locator(".answer > summary").first().press("Enter");
  await delivery.getByText("The body was empty.").first().waitFor();
  await delivery.locator("dt").getByText("date").first().waitFor();

  receiver.close();
  await client.pages.update({ page_id: pageId, is_locked: false });
  await deliveryOf("page.unlocked").getByText("Given up").waitFor();
  await deliveryOf("page.unlocked").locator("summary").first().press("Enter");
  await deliveryOf("page.unlocked").getByText("ECONNREFUSED").first().waitFor();
});

test("tells when the token did not come through, and when it did", async () => {
  await openView();
  receiver.answers.push(404, 404);
  await control("POST", "/_local/webhooks", { url: receiver.url, appId });
  await row().getByText("The token did not come through: answered 404").waitFor();
  await row().getByRole("button", { name: "Send it again" }).click();
  await page.getByText("The token was sent again, and did not come through.").waitFor();
  await row().getByRole("button", { name: "Send it again" }).click();
  await row().getByText("The address took the token at").waitFor();
});

test("shows one workspace's deliveries alone", async () => {
  await subscribe();
  await openView();
  await client.pages.update({ page_id: pageId, is_locked: true });
  await deliveryOf("page.locked").getByText("Delivered").waitFor();
  await control("POST", "/_local/workspaces", { name: "Beta Works" });
  await page.goto(notion.url);
  await page.getByRole("button", { name: "Acme Local" }).click();
  await page.getByRole("menuitemradio", { name: "Beta Works" }).click();
  await page.getByText("No pages yet.").first().waitFor();
  await openView();
  await page.getByText("Nothing was sent yet.").waitFor();
});

test("deletes a webhook when that is confirmed", async () => {
  await subscribe();
  await openView();
  await row().getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await row().getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No address is told of changes yet.").waitFor();
  expect(await control("GET", "/_local/webhooks")).toEqual([]);
});

test("says that nothing could be read, and reads it when the server is back", async () => {
  await page.goto(notion.url);
  await page.getByRole("heading", { name: "Edited last" }).waitFor();
  const { port } = new URL(notion.url);
  await notion.close();
  await page.getByRole("link", { name: "Webhooks" }).click();
  await page.getByRole("main").getByText("Local Notion is not answering.").waitFor();
  await startNotion(Number(port));
  await page.getByText("No address is told of changes yet.").waitFor();
  // The browser reports requests that were not answered, or answered to the old token.
  complaints = complaints.filter((text) => !/net::ERR_|status of 401/.test(text));
});

test.for([
  { colorScheme: "light", width: 1100 },
  { colorScheme: "dark", width: 1100 },
  { colorScheme: "light", width: 320 },
] as const)(
  "is accessible, $colorScheme, $width px",
  { timeout: accessibilityMs },
  async ({ colorScheme, width }) => {
    await context.close();
    await openBrowser({ colorScheme, viewport: { width, height: 700 } });
    await openView();
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByRole("button", { name: "Create webhook" }).click();
    await page.getByText("Enter a whole address").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Cancel" }).click();

    await control("PATCH", "/_local/settings", { webhooks: { pauseAfterFailures: 1 } });
    await subscribe();
    receiver.answers.push(...Array.from({ length: 8 }, () => 503));
    await client.pages.update({ page_id: pageId, is_locked: true });
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await control("POST", "/_local/webhooks", { url: receiver.url, eventTypes: ["page.moved"] });
    await page.getByRole("button", { name: "Send it again" }).waitFor();
    await deliveryOf("page.locked").locator("summary").click();
    await subscribe();
    await page.getByRole("button", { name: "Send waiting events now" }).waitFor();
    await client.pages.update({ page_id: pageId, is_locked: false });
    await deliveryOf("page.unlocked").getByText("Delivered").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete" }).first().click();
    await expectAccessible(page);
  },
);

async function startNotion(port = 0): Promise<void> {
  const webhooks = { aggregationMs: 600_000, retryBaseMs: 1 };
  notion = await createLocalNotion({ port, settings: { rateLimit: null } });
  await control("PATCH", "/_local/settings", { webhooks });
}

async function openBrowser(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  complaints = collectComplaints(page);
}

async function openView(): Promise<void> {
  await page.goto(`${notion.url}/?view=webhooks`);
  await page.getByRole("button", { name: "New webhook" }).waitFor();
}

/** The one subscription that is shown. */
function row() {
  return page.getByRole("listitem", { name: receiver.url });
}

function deliveryOf(type: string) {
  return page.locator("details.delivery").filter({ hasText: type });
}

/** An active subscription of the app to everything. */
async function subscribe(): Promise<void> {
  const { id, verificationToken } = await control<{ id: string; verificationToken: string }>(
    "POST",
    "/_local/webhooks",
    { url: receiver.url, appId },
  );
  const token = { verification_token: verificationToken };
  await expect.poll(() => receiver.bodies).toContainEqual(token);
  await control("POST", `/_local/webhooks/${id}/verify`, token);
  receiver.bodies.length = 0;
}

async function rename(title: string): Promise<void> {
  await client.pages.update({
    page_id: pageId,
    properties: { title: { title: [{ text: { content: title } }] } },
  });
}

function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  return askControl(notion.url, [method, path, body]);
}
