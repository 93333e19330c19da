import type { DefinitionInput } from "@tenon/workflow";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { openWorkspace } from "../notion-workspace.ts";
import { createStartedTenon, type StartedTenon } from "../started-tenon.ts";
import { createWorkflowRig, type Receiver, startReceiver } from "../workflows.ts";

let server: StartedTenon;
let receiver: Receiver;

beforeAll(async () => {
  server = await createStartedTenon(50_000 + (process.pid % 10_000));
  receiver = await startReceiver();
  await server.start();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

/** Page updated → get page content → function to HTML → POST to the app. */
function sample(): DefinitionInput {
  return {
    trigger: { id: "changed", type: "integration", trigger: "page-updated", next: "content" },
    steps: [
      {
        id: "content",
        type: "action",
        integration: "notion",
        action: "get-page-content",
        input: { blockId: "{{changed.result.id}}" },
        next: "html",
      },
      {
        id: "html",
        type: "function",
        code: `({ blocks }) =>
          blocks.map((one) => "<p>" + one.paragraph.rich_text.map((part) => part.plain_text).join("") + "</p>").join("")`,
        parameters: { blocks: "{{content.result}}" },
        next: "send",
      },
      {
        id: "send",
        type: "request",
        method: "POST",
        url: `${receiver.url}/pages`,
        bodyType: "json",
        body: { text: "{{html.result}}", url: "{{changed.result.url}}" },
      },
    ],
  };
}

it("a page edited in Local Notion's own page reaches the customer's app, by a real webhook", async () => {
  const tenon = await server.openDemo();
  const rig = createWorkflowRig(tenon);
  await rig.connect("ada");
  const workspace = await openWorkspace(server.localNotionUrl);
  const pageId = await workspace.createPage("Plan");
  await workspace.append(pageId, "First");
  const workflowId = await rig.deploy("Sample", sample());
  await rig.enable(workflowId, "ada");

  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.localNotionUrl}/p/${pageId.replaceAll("-", "")}`);
    await page.getByText("First", { exact: true }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and second");
    await expect.poll(() => receiver.got.length, { timeout: 30_000 }).toBeGreaterThan(0);
    const told = () => receiver.got.map(({ body }) => JSON.parse(body));
    await expect.poll(() => told().at(-1)?.text).toBe("<p>First and second</p>");
    expect(told().at(-1).url).toContain(pageId.replaceAll("-", ""));
  } finally {
    await browser.close();
  }

  // It was the webhook: no poll was due yet.
  const base = `/api/projects/${tenon.projectId}`;
  const { events } = await tenon.manage("GET", `${base}/webhook-events?outcome=routed`);
  expect(events.length).toBeGreaterThan(0);
  const event = await tenon.manage("GET", `${base}/webhook-events/${events[0].id}`);
  expect(event.routes).toMatchObject([{ userId: "ada", object: { kind: "page", id: pageId } }]);
  const { runs } = await tenon.manage("GET", `${base}/runs?workflowId=${workflowId}`);
  const started = event.routes.flatMap((route: any) => route.change?.starts ?? []);
  expect(runs.map((run: any) => run.id)).toEqual(
    expect.arrayContaining(started.map((one: any) => one.runId)),
  );
});
