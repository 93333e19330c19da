import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type CreatePageParameters, isFullBlock, isFullPage } from "@notionhq/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../../test/browser.ts";
import { createLocalNotion, type LocalNotion, type LocalNotionOptions } from "../src/index.ts";
import { collectComplaints } from "./testing/collect-complaints.ts";
import { accessibilityMs, expectAccessible } from "./testing/expect-accessible.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let notion: LocalNotion;
let client: Client;
let folder: string;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "local-notion-web-"));
  await startNotion();
  await openBrowser({});
});

afterEach(async () => {
  await context.close();
  await notion.close();
  rmSync(folder, { recursive: true });
});

test("shows the workspace's pages as a tree and opens one", async () => {
  const parent = await makePage({ title: "Plans" });
  await makePage({ title: "Spring", parentId: parent });
  await page.goto(notion.url);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("button", { name: "Unfold Plans" }).click();
  await pages.getByRole("link", { name: "Spring" }).click();
  await expectText(page.getByRole("heading", { level: 1 }), "Spring");
  await expectText(page.getByRole("navigation", { name: "Where this page is" }), "PlansSpring");
  expect(new URL(page.url()).pathname).toMatch(/^\/p\/Spring-[0-9a-f]{32}$/);
});

test("saves an edited title and shows it in the tree", async () => {
  const id = await makePage({ title: "Old" });
  await openPage(id);
  await title().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" and new");
  await expectSaved();
  expect(await titleOf(id)).toBe("Old and new");
  await page.getByRole("link", { name: "Old and new" }).waitFor();
});

test("keeps bold, links and mentions of a text that is edited", async () => {
  const id = await makePage({ title: "Marks" });
  await client.blocks.children.append({
    block_id: id,
    children: [
      {
        paragraph: {
          rich_text: [
            { text: { content: "plain " } },
            { text: { content: "bold" }, annotations: { bold: true } },
            { text: { content: " linked", link: { url: "https://example.com/" } } },
            { mention: { page: { id } } },
          ],
        },
      },
    ],
  });
  await openPage(id);
  await text("plain bold linkedMarks").click();
  await page.keyboard.press("Home");
  await page.keyboard.type("Very ");
  await expectSaved();
  const [block] = await blocksOf(id);
  const runs = block?.type === "paragraph" ? block.paragraph.rich_text : [];
  expect(runs.map((run) => [run.type, run.plain_text, run.annotations.bold, run.href])).toEqual([
    ["text", "Very plain ", false, null],
    ["text", "bold", true, null],
    ["text", " linked", false, "https://example.com/"],
    ["mention", "Marks", false, expect.stringContaining(id.replaceAll("-", ""))],
  ]);
});

test("breaks a text with Enter, joins with Backspace and leaves a list with Enter", async () => {
  const id = await makePage({ title: "Keys", lines: ["one two"] });
  await openPage(id);
  await text("one two").click();
  await page.keyboard.press("Home");
  for (const _ of "one") await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expectSaved();
  expect(await textsOf(id)).toEqual(["one", " two"]);

  await page.keyboard.press("Backspace");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("- item");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("after");
  await expectSaved();
  expect(await textsOf(id)).toEqual(["one two", "item", "after"]);
  expect((await blocksOf(id)).map(({ type }) => type)).toEqual([
    "paragraph",
    "bulleted_list_item",
    "paragraph",
  ]);

  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("!");
  await expectSaved();
  expect(await textsOf(id)).toEqual(["one two", "item", "after!"]);
});

test("sets and takes off marks with the keys that people know", async () => {
  const id = await makePage({ title: "Marks", lines: ["make this bold"] });
  await openPage(id);
  await text("make this bold").click();
  await page.keyboard.press("End");
  for (const _ of "bold") await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Control+b");
  await expectSaved();
  const [block] = await blocksOf(id);
  const runs = block?.type === "paragraph" ? block.paragraph.rich_text : [];
  expect(runs.map((run) => [run.plain_text, run.annotations.bold])).toEqual([
    ["make this ", false],
    ["bold", true],
  ]);
});

test("turns an empty block into what is chosen from the menu that / opens", async () => {
  const id = await makePage({ title: "Menu" });
  await openPage(id);
  await page.getByRole("button", { name: /Click to write/ }).click();
  await page.keyboard.press("/");
  await page.getByRole("menu", { name: "Turn into" }).waitFor();
  await page.keyboard.press("t");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Buy milk");
  await expectSaved();
  expect((await blocksOf(id)).map(({ type }) => type)).toEqual(["to_do"]);
  expect(await textsOf(id)).toEqual(["Buy milk"]);

  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await expectSaved();
  expect(await textsOf(id)).toEqual(["Buy milk", "/"]);
});

test("ticks a to-do and deletes a block, which can be undone", async () => {
  const id = await makePage({ title: "To do" });
  await client.blocks.children.append({
    block_id: id,
    children: [
      { to_do: { rich_text: [{ text: { content: "water the plants" } }] } },
      { paragraph: { rich_text: [{ text: { content: "gone soon" } }] } },
    ],
  });
  await openPage(id);
  await page.getByRole("checkbox", { name: "Done: water the plants" }).check();
  await expectSaved();
  const [todo] = await blocksOf(id);
  expect(todo?.type === "to_do" && todo.to_do.checked).toBe(true);

  await text("gone soon").click();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Delete" }).press("Enter");
  await text("gone soon").waitFor({ state: "detached" });
  await expectSaved();
  expect(await textsOf(id)).toEqual(["water the plants"]);

  await page.getByRole("button", { name: "Undo" }).click();
  await text("gone soon").waitFor();
  expect(await textsOf(id)).toEqual(["water the plants", "gone soon"]);
});

test("adds a page in a page, with the caret in its title", async () => {
  const id = await makePage({ title: "Outer" });
  await openPage(id);
  await page.getByRole("button", { name: "Page actions" }).click();
  await page.getByRole("menuitem", { name: "New page inside" }).click();
  await page.waitForURL((url) => !url.pathname.includes(id.replaceAll("-", "")));
  await page.locator(":focus[aria-label='Title of the page']").waitFor();
  await page.keyboard.type("Inner");
  await page.keyboard.press("Enter");
  await page.keyboard.type("First words");
  await expectSaved();
  const [child] = await blocksOf(id);
  expect(child?.type === "child_page" && child.child_page.title).toBe("Inner");
  expect(await textsOf(child?.id ?? "")).toEqual(["First words"]);
});

test("shows what others change at once and leaves the one who writes alone", async () => {
  const id = await makePage({ title: "Shared", lines: ["mine", "theirs"] });
  await openPage(id);
  await text("mine").click();
  await page.keyboard.press("End");
  await page.keyboard.type(" typed");
  const [, theirs] = await blocksOf(id);
  await client.blocks.update({
    block_id: theirs?.id ?? "",
    paragraph: { rich_text: [{ text: { content: "changed by an app" } }] },
  });
  await client.blocks.children.append({
    block_id: id,
    position: { type: "start" },
    children: [{ paragraph: { rich_text: [{ text: { content: "put before" } }] } }],
  });
  await text("changed by an app").waitFor();
  await text("put before").waitFor();
  await page.keyboard.type(" on");
  await expectSaved();
  expect(await textsOf(id)).toEqual(["put before", "mine typed on", "changed by an app"]);

  await makePage({ title: "Made by an app" });
  await page.getByRole("link", { name: "Made by an app" }).waitFor();
});

test("throws a page away and brings it back", async () => {
  const id = await makePage({ title: "Short-lived" });
  await openPage(id);
  await page.getByRole("button", { name: "Page actions" }).click();
  await page.getByRole("menuitem", { name: "Move to trash" }).click();
  await page.getByText("“Short-lived” is in the trash.").waitFor();
  expect(await isInTrash(id)).toBe(true);
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("button", { name: "Restore Short-lived" }).click();
  await page.getByText("The trash is empty.").waitFor();
  expect(await isInTrash(id)).toBe(false);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: "Short-lived" }).waitFor();
});

test("says why a change was not saved, and saves it when it is tried again", async () => {
  const id = await makePage({ title: "Fragile", lines: ["before"] });
  await openPage(id);
  await control("POST", "/_local/faults", {
    method: "PATCH",
    path: "/v1/blocks/*",
    times: 1,
    // oxlint-disable-next-line unicorn/no-thenable -- a request's field, which nobody awaits
    then: { status: 503 },
  });
  await text("before").click();
  await page.keyboard.press("End");
  await page.keyboard.type(" and after");
  await page.getByText("Your last changes are not saved.").waitFor();
  await page.keyboard.type(", still here");
  // Elsewhere and back: what was typed is not forgotten.
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByText(/Changes to Fragile are not saved/).waitFor();
  await page.getByRole("alert").getByRole("link", { name: "Fragile" }).click();
  await text("before and after, still here").waitFor();
  expect(await textsOf(id)).toEqual(["before"]);
  await page.getByRole("button", { name: "Try again" }).click();
  await expectSaved();
  expect(await textsOf(id)).toEqual(["before and after, still here"]);
  complaints = complaints.filter((complaint) => !complaint.includes("status of 503"));
});

test("tells that the server is gone and goes on when it is back", async () => {
  const id = await makePage({ title: "Patient", lines: ["start"] });
  await openPage(id);
  await text("start").click();
  await page.keyboard.press("End");
  await notion.close();
  await page.getByText("Local Notion is not answering.").waitFor();
  await page.keyboard.type(" and go on");
  await startNotion({ port: Number(new URL(notion.url).port) });
  await page.getByText("Local Notion is not answering.").waitFor({ state: "detached" });
  await expectSaved();
  expect(await textsOf(id)).toEqual(["start and go on"]);
  // The browser reports each request that could not be made, or was made with the old token.
  complaints = complaints.filter((complaint) => !/net::ERR_|status of 401/.test(complaint));
});

test("finds pages by their titles", async () => {
  await makePage({ title: "Travel to Lisbon" });
  await page.goto(notion.url);
  await page.getByRole("searchbox").fill("lisbon");
  await page.getByText("1 page", { exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expectText(page.getByRole("heading", { level: 1 }), "Travel to Lisbon");
});

test("lists the connected apps and disconnects one when that is confirmed", async () => {
  await control("POST", "/_local/tokens", { name: "Report robot" });
  await page.goto(`${notion.url}/?view=connections`);
  const row = page.getByRole("listitem").filter({ hasText: "Report robot" });
  await row.getByText("Sees all pages").waitFor();
  await row.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await row.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await row.waitFor({ state: "detached" });
  const left: { app: { name: string } }[] = await control("GET", "/_local/connections");
  expect(left.map(({ app }) => app.name)).not.toContain("Report robot");
});

test("shows the items of a database as a table, and an item with its properties", async () => {
  const host = await makePage({ title: "Projects" });
  const database = await client.databases.create({
    parent: { type: "page_id", page_id: host },
    title: [{ text: { content: "Tasks" } }],
    is_inline: true,
    initial_data_source: {
      properties: {
        Name: { title: {} },
        Priority: { select: { options: [{ name: "High", color: "red" }] } },
        Done: { checkbox: {} },
      },
    },
  });
  const sources = "data_sources" in database ? database.data_sources : [];
  const makeItem = (name: string) =>
    client.pages.create({
      parent: { type: "data_source_id", data_source_id: sources[0]?.id ?? "" },
      properties: {
        Name: { title: [{ text: { content: name } }] },
        Priority: { select: { name: "High" } },
        Done: { checkbox: true },
      },
    });
  await makeItem("Ship it");
  await openPage(host);
  const row = page.getByRole("row").filter({ hasText: "Ship it" });
  await row.getByText("High").waitFor();
  expect(await row.getByRole("checkbox", { name: "Yes" }).isChecked()).toBe(true);
  await makeItem("Made later");
  await page.getByRole("row").filter({ hasText: "Made later" }).waitFor();

  await row.getByRole("link", { name: "Ship it" }).click();
  await expectText(page.locator("h1"), "Ship it");
  await expectText(page.locator(".property").filter({ hasText: "Priority" }), "PriorityHigh");
  const path = page.getByRole("navigation", { name: "Where this page is" });
  await expectText(path, "ProjectsTasksShip it");
  await path.getByRole("link", { name: "Tasks" }).click();
  await expectText(page.locator("h1"), "Tasks");
  await page.getByRole("row").filter({ hasText: "Made later" }).waitFor();
  // Its address opens it directly, too.
  await page.reload();
  await page.getByRole("row").filter({ hasText: "Made later" }).waitFor();
});

test("says so when there is no such page", async () => {
  await page.goto(`${notion.url}/p/${"0".repeat(32)}`);
  await page.getByText("There is no such page in this workspace.").waitFor();
  // The browser reports the refused requests themselves.
  complaints = complaints.filter((complaint) => !complaint.includes("status of 40"));
});

test.for(["light", "dark"] as const)(
  "is accessible with every kind of block, %s",
  { timeout: accessibilityMs },
  async (colorScheme) => {
    const id = await makeEveryBlock();
    await openBrowserAnew({ colorScheme });
    await openPage(id);
    await page.getByRole("button", { name: "Unfold More" }).click();
    await text("Inside a toggle").waitFor();
    await page.getByRole("button", { name: "Page actions" }).click();
    await expectAccessible(page);
  },
);

test.for(["light", "dark"] as const)(
  "is accessible in all other views, %s",
  { timeout: accessibilityMs },
  async (colorScheme) => {
    await control("POST", "/_local/tokens", { name: "Report robot" });
    await client.pages.update({ page_id: await makePage({ title: "Gone" }), in_trash: true });
    await openBrowserAnew({ colorScheme });
    await page.goto(notion.url);
    await page.getByRole("heading", { name: "Edited last" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("button", { name: "Restore Gone" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Connections" }).click();
    await page.getByRole("button", { name: "Disconnect Report robot" }).click();
    await expectAccessible(page);
  },
);

test("fits in 320 px, with the sidebar as a drawer", { timeout: accessibilityMs }, async () => {
  const id = await makeEveryBlock();
  await openBrowserAnew({ viewport: { width: 320, height: 640 }, reducedMotion: "reduce" });
  await openPage(id);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show the sidebar" }).click();
  await page.getByRole("link", { name: "Home" }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.locator(":focus[aria-label='Show the sidebar']").waitFor();
});

afterEach(() => {
  expect(complaints).toEqual([]);
});

async function startNotion(options: LocalNotionOptions = {}): Promise<void> {
  const dataFile = join(folder, "workspace.json");
  notion = await createLocalNotion({ dataFile, settings: { rateLimit: null }, ...options });
  const { token } = await control<{ token: string }>("GET", "/_local/session");
  client = new Client({ auth: token, baseUrl: notion.url, notionVersion: "2026-03-11" });
}

async function openBrowser(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  complaints = collectComplaints(page);
}

async function openBrowserAnew(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
  await context.close();
  await openBrowser(options);
}

async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(notion.url + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

interface NewPage {
  title: string;
  parentId?: string;
  lines?: string[];
}

async function makePage({ title, parentId, lines = [] }: NewPage): Promise<string> {
  const parent: CreatePageParameters["parent"] =
    parentId === undefined ? { type: "workspace", workspace: true } : { page_id: parentId };
  const { id } = await client.pages.create({
    parent,
    properties: { title: { title: [{ text: { content: title } }] } },
    children: lines.map((line) => ({ paragraph: { rich_text: [{ text: { content: line } }] } })),
  });
  return id;
}

/** A page with one block of each kind that looks different. */
async function makeEveryBlock(): Promise<string> {
  const id = await makePage({ title: "Every block" });
  const rich_text = [{ text: { content: "Text " } }];
  const colors = ["gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red"];
  await client.blocks.children.append({
    block_id: id,
    children: [
      { table_of_contents: {} },
      { heading_1: { rich_text } },
      { heading_2: { rich_text } },
      { heading_3: { rich_text, is_toggleable: true } },
      {
        paragraph: {
          rich_text: [
            { text: { content: "code" }, annotations: { code: true } },
            { text: { content: "link", link: { url: "https://example.com/" } } },
            { equation: { expression: "mc^2" } },
            { mention: { page: { id } } },
          ],
        },
      },
      ...colors.flatMap((color) => [
        { paragraph: { rich_text, color: color as "gray" } },
        { paragraph: { rich_text, color: `${color}_background` as "gray_background" } },
      ]),
      { bulleted_list_item: { rich_text, children: [{ numbered_list_item: { rich_text } }] } },
      { to_do: { rich_text, checked: true } },
      {
        toggle: {
          rich_text: [{ text: { content: "More" } }],
          children: [{ paragraph: { rich_text: [{ text: { content: "Inside a toggle" } }] } }],
        },
      },
      { quote: { rich_text } },
      { callout: { rich_text, icon: { emoji: "💧" }, color: "blue_background" } },
      { code: { rich_text, language: "typescript" } },
      { equation: { expression: "a^2+b^2=c^2" } },
      { divider: {} },
      { bookmark: { url: "https://example.com/a/long/way/to/an/article/that/is/far/off" } },
      { file: { external: { url: "https://example.com/report.pdf" } } },
      {
        table: {
          table_width: 3,
          has_column_header: true,
          has_row_header: true,
          children: [
            { table_row: { cells: [rich_text, rich_text, rich_text] } },
            { table_row: { cells: [rich_text, [], rich_text] } },
          ],
        },
      },
      {
        column_list: {
          children: [
            { column: { children: [{ paragraph: { rich_text } }] } },
            { column: { children: [{ paragraph: { rich_text } }] } },
          ],
        },
      },
      { synced_block: { synced_from: null, children: [{ paragraph: { rich_text } }] } },
      { breadcrumb: {} },
      { link_to_page: { page_id: id } },
    ],
  });
  await makePage({ title: "A page inside", parentId: id });
  return id;
}

async function openPage(id: string): Promise<void> {
  await page.goto(`${notion.url}/p/${id.replaceAll("-", "")}`);
  await title().waitFor();
}

function title() {
  return page.getByRole("textbox", { name: "Title of the page" });
}

function text(content: string) {
  return page.getByRole("textbox").filter({ hasText: new RegExp(`^${content}$`) });
}

/** Nothing is waiting to be saved. */
async function expectSaved(): Promise<void> {
  await page.locator(".save-mark.is-saved").waitFor();
}

async function expectText(element: ReturnType<typeof text>, expected: string): Promise<void> {
  await expect.poll(() => element.textContent(), { timeout: 10_000 }).toBe(expected);
}

async function titleOf(id: string): Promise<string> {
  const found = await client.pages.retrieve({ page_id: id });
  const property = isFullPage(found) ? found.properties["title"] : undefined;
  return property?.type === "title" ? property.title.map((run) => run.plain_text).join("") : "";
}

async function isInTrash(id: string): Promise<boolean> {
  const found = await client.pages.retrieve({ page_id: id });
  return isFullPage(found) && found.in_trash;
}

async function blocksOf(id: string) {
  const { results } = await client.blocks.children.list({ block_id: id });
  return results.filter(isFullBlock);
}

async function textsOf(id: string): Promise<string[]> {
  return (await blocksOf(id)).map((block) => {
    const content: { rich_text?: { plain_text: string }[] } = Reflect.get(block, block.type);
    return (content.rich_text ?? []).map((run) => run.plain_text).join("");
  });
}
