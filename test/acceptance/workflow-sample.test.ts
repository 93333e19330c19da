import type { DefinitionInput } from "@tenon/workflow";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  type WorkflowRig,
} from "../workflows.ts";
import { createNotionRig, type NotionRig, paragraph } from "./workflow-faults-rig.ts";

/** What a customer writes into the Function step. */
const toHtml = `
  const escape = (text) =>
    text.replace(/[&<>"]/g, (one) => "&#" + one.charCodeAt(0) + ";");
  const textOf = (items) => items.map((item) => escape(item.plain_text)).join("");
  const render = (block) => {
    switch (block.type) {
      case "heading_3":
        return "<h3>" + textOf(block.heading_3.rich_text) + "</h3>";
      case "paragraph":
        return "<p>" + textOf(block.paragraph.rich_text) + "</p>";
      case "child_page":
        return '<a href="#' + block.id + '">' + escape(block.child_page.title) + "</a>";
      default:
        return "";
    }
  };
  return parameters.blocks.map(render).join("\\n");
`;

function sample(receiver: Receiver): DefinitionInput {
  return {
    trigger: { id: "changed", type: "event", event: "page changed", next: "content" },
    steps: [
      {
        id: "content",
        title: "Get the page",
        type: "action",
        integration: "notion",
        action: "get-page-content",
        input: { blockId: "{{changed.pageId}}" },
        next: "html",
      },
      {
        id: "html",
        type: "function",
        code: `function run(parameters) {${toHtml}}`,
        parameters: { blocks: "{{content.result}}" },
        next: "send",
      },
      {
        id: "send",
        type: "request",
        method: "POST",
        url: `${receiver.url}/pages`,
        bodyType: "json",
        body: { text: "{{html.result}}", url: "{{changed.url}}" },
      },
    ],
  };
}

let tenon: TestTenon;
let receiver: Receiver;
let rig: WorkflowRig;
let notion: NotionRig;
let token: string;
let payload: { pageId: string; url: string };
let html: string;
let workflowId: string;

beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  rig = createWorkflowRig(tenon);
  notion = createNotionRig(tenon.localNotion.url);
  token = await tenon.signToken("ada");
  await rig.connect("ada");
  const pageId = await notion.makePage(await notion.findRoot(), "Sample", [
    { type: "heading_3", heading_3: { rich_text: [{ text: { content: "Plan <1>" } }] } },
    paragraph("First & last"),
    { type: "divider", divider: {} },
  ]);
  const below = await notion.makePage(pageId, "Below");
  payload = { pageId, url: "https://app.example.com/pages/1" };
  html = [
    "<h3>Plan &#60;1&#62;</h3>",
    "<p>First &#38; last</p>",
    "",
    `<a href="#${below}">Below</a>`,
  ].join("\n");
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "page changed", sample: payload });
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
beforeEach(() => void (receiver.got.length = 0));

/** As `paragon.event(name, payload)` sends it. */
function event(headers: Record<string, string> = {}) {
  return tenon.call(`/v2/projects/${tenon.projectId}/sdk/events/trigger`, {
    token,
    method: "POST",
    headers: { "x-paragon-sdk-version": "2.4.0", ...headers },
    body: { name: "page changed", payload },
  });
}

function expectOnePost(): void {
  expect(receiver.got).toMatchObject([{ method: "POST", path: "/pages" }]);
  expect(JSON.parse(receiver.got[0]?.body ?? "")).toEqual({ text: html, url: payload.url });
}

describe("page changed → get page content → function to HTML → POST to the app", () => {
  it("is defined as data, without problems", async () => {
    workflowId = await rig.create("Sample", sample(receiver));
    const path = `${rig.base}/workflows/${workflowId}/problems`;
    expect((await tenon.manage("GET", path)).problems).toEqual([]);
  });

  it("is tested as a user, with the event's sample", async () => {
    const path = `${rig.base}/workflows/${workflowId}`;
    const account = { userId: "ada" };
    const { runId } = await tenon.manage("POST", `${path}/test`, { account });
    expect(await rig.waitForEnd(runId)).toMatchObject({ status: "succeeded", test: true });
    expectOnePost();
    const step = await tenon.manage("POST", `${path}/steps/html/test`, { account });
    const run = await rig.waitForEnd(step.runId);
    const own = run.steps.find((one: any) => one.stepId === "html");
    expect(own.output).toEqual({ result: html });
    expectOnePost();
  });

  it("starts nothing until it is deployed and enabled", async () => {
    expect((await event()).body).toEqual({ runs: [] });
    const path = `/projects/${tenon.projectId}/sdk/workflows/${workflowId}`;
    const early = await tenon.call(path, { token, method: "POST" });
    expect([early.status, early.body.code]).toEqual([409, "workflow_not_deployed"]);
    await tenon.manage("POST", `${rig.base}/workflows/${workflowId}/deploy`);
    expect((await event()).body).toEqual({ runs: [] });
    const enabled = await tenon.call(path, { token, method: "POST" });
    expect(enabled.status).toBe(200);
    expect(receiver.got).toEqual([]);
  });

  it("runs by the event, and the app gets one POST with the page as HTML", async () => {
    const { body } = await event();
    const run = await rig.waitForEnd(body.runs[0].runId);
    expect(run).toMatchObject({ status: "succeeded", workflowId, userId: "ada", taskCount: 3 });
    expect(run.steps.map((step: any) => [step.stepId, step.status])).toEqual([
      ["content", "succeeded"],
      ["html", "succeeded"],
      ["send", "succeeded"],
    ]);
    expectOnePost();
    expect(receiver.got[0]?.headers["idempotency-key"]).toBe(`${run.id}:send`);
  });

  it("runs once for an event that is delivered again with its Idempotency-Key", async () => {
    const headers = { "idempotency-key": "delivery-1" };
    const answers = await Promise.all([event(headers), event(headers), event(headers)]);
    const ids = new Set(answers.map(({ body }) => body.runs[0].runId));
    expect(ids.size).toBe(1);
    for (const id of ids) await rig.waitForEnd(id);
    const late = await event(headers);
    expect(ids).toContain(late.body.runs[0].runId);
    await rig.waitForEnd(late.body.runs[0].runId);
    expectOnePost();
  });
});
