import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  echoWorkflow,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  tellWorkflow,
  type WorkflowRig,
} from "../workflows.ts";

let tenon: TestTenon;
let receiver: Receiver;
let rig: WorkflowRig;
let token: string;
let echo: string;
let silent: string;
let asking: string;

beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  rig = createWorkflowRig(tenon);
  token = await tenon.signToken("ada");
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "Told" });
  await rig.connect("ada");
  echo = await rig.deploy("Echo", echoWorkflow);
  silent = await rig.deploy("Silent", { trigger: { id: "call", type: "request" } });
  asking = await rig.deploy("Asks first", {
    trigger: { id: "call", type: "request", next: "ask" },
    steps: [
      { id: "ask", type: "request", method: "GET", url: `${receiver.url}/ask`, next: "answer" },
      { id: "answer", type: "response", body: "{{ask.response.body}}" },
    ],
  });
  for (const id of [echo, silent, asking]) await rig.enable(id, "ada");
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
beforeEach(() => receiver.answerWith({}));

const project = () => `/projects/${tenon.projectId}`;

/** Calls a workflow with a body of any kind. */
async function trigger(
  id: string,
  options: { body?: BodyInit; headers?: Record<string, string>; query?: string; token?: string },
) {
  const { body, headers, query = "" } = options;
  const response = await fetch(
    `http://127.0.0.1:${tenon.port}${project()}/sdk/triggers/${id}${query}`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${options.token ?? token}`,
        ...(typeof body === "string" && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    },
  );
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("calling a workflow", () => {
  it("answers with the Response step: its status, headers and body", async () => {
    const answer = await trigger(echo, {
      body: '{"a":1}',
      headers: { "content-type": "application/json", "x-custom": "hi" },
      query: "?q=1&q=2&r=3",
    });
    expect([answer.status, answer.headers.get("x-echo")]).toEqual([201, "yes"]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.body).toMatchObject({
      body: { a: 1 },
      params: { q: ["1", "2"], r: "3" },
      header: "hi",
    });
  });

  it("takes forms, texts and files", async () => {
    const form = await trigger(echo, { body: new URLSearchParams({ a: "1" }) });
    expect(form.body.body).toEqual({ a: "1" });
    const text = await trigger(echo, { body: "plain", headers: { "content-type": "text/plain" } });
    expect(text.body.body).toBe("plain");
    const upload = new FormData();
    upload.append("note", "with a file");
    upload.append("document", new Blob(["%PDF"], { type: "application/pdf" }), "a.pdf");
    const multipart = await trigger(echo, { body: upload });
    expect(multipart.body).toMatchObject({ body: { note: "with a file" }, file: "a.pdf" });
    const nothing = await trigger(echo, {});
    expect(nothing.status).toBe(201);
  });

  it("answers 202 at once where there is no Response step", async () => {
    const answer = await trigger(silent, { body: "{}" });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      projectId: tenon.projectId,
      workflowId: silent,
      executionId: expect.any(String),
      dateSubmitted: expect.any(String),
    });
    const run = await rig.waitForEnd(answer.body.executionId);
    expect(run).toMatchObject({ status: "succeeded", triggerType: "request" });
  });

  it("answers 542 after the time it may wait, and the run goes on", async () => {
    receiver.answerWith({ delayMs: 2500 });
    const answer = await trigger(asking, { headers: { prefer: "wait=1" } });
    expect(answer.status).toBe(542);
    expect(answer.body).toEqual({
      message: "Workflow has been enqueued but has not completed.",
      dateSubmitted: expect.any(String),
      projectId: tenon.projectId,
      workflowId: asking,
      executionId: expect.any(String),
    });
    expect((await rig.waitForEnd(answer.body.executionId)).status).toBe("succeeded");
  });

  it("lets the run go on where the caller goes away", async () => {
    receiver.answerWith({ delayMs: 1000 });
    const before = receiver.got.length;
    const giveUp = new AbortController();
    const response = fetch(`${tenon.url}${project()}/sdk/triggers/${asking}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      signal: giveUp.signal,
    });
    const ended = expect(response).rejects.toThrow(/abort/i);
    await expect.poll(() => receiver.got.length).toBe(before + 1);
    giveUp.abort();
    await ended;
    const { runs } = await tenon.manage("GET", `${rig.base}/runs?workflowId=${asking}&limit=1`);
    expect((await rig.waitForEnd(runs[0].id)).status).toBe("succeeded");
  });

  it("starts one run for one Idempotency-Key and answers both callers with it", async () => {
    const call = { body: '{"n":1}', headers: { "idempotency-key": "once" } };
    const [first, second] = await Promise.all([trigger(echo, call), trigger(echo, call)]);
    expect(first.body).toEqual(second.body);
    const silentCall = { body: "{}", headers: { "idempotency-key": "silent once" } };
    const one = await trigger(silent, silentCall);
    const other = await trigger(silent, silentCall);
    expect(other.body.executionId).toBe(one.body.executionId);
  });

  it("says that a run failed before its Response step, and which", async () => {
    receiver.answerWith({ status: 400 });
    const answer = await trigger(asking, {});
    expect([answer.status, answer.body.code]).toEqual([422, "run_failed"]);
    const run = await rig.getRun(answer.body.meta.runId);
    expect(run).toMatchObject({ status: "failed", error: { stepId: "ask" } });
  });

  it("never hands the caller's user token to the run", async () => {
    const answer = await trigger(silent, { headers: { "x-other": "1" }, body: "{}" });
    const run = await rig.getRun(answer.body.executionId);
    expect(run.input.request.headers).toMatchObject({ "x-other": "1" });
    expect(JSON.stringify(run)).not.toContain(token);
  });

  it.each([
    ["broken JSON", { body: "{" }, 400, "invalid_request"],
    ["keys that tamper with prototypes", { body: '{"__proto__":{}}' }, 400, "invalid_request"],
    ["lists without end", { body: "[".repeat(100_000) }, 400, "invalid_request"],
    ["13 MB", { body: "x".repeat(13_000_000) }, 413, "payload_too_large"],
    [
      "an unknown connection",
      { headers: { "x-paragon-credential": "nope" } },
      404,
      "connection_not_found",
    ],
    [
      "an unknown configuration",
      { headers: { "x-paragon-configuration-id": "nope" } },
      404,
      "configuration_not_found",
    ],
  ])("refuses %s", async (_name, options, status, code) => {
    const answer = await trigger(echo, options);
    expect([answer.status, answer.body?.code]).toEqual([status, code]);
  });

  it("refuses who may not run it, without 401 or 403", async () => {
    const bob = await tenon.signToken("bob");
    const unconnected = await trigger(echo, { token: bob });
    expect([unconnected.status, unconnected.body.code]).toEqual([404, "connection_not_found"]);
    await rig.connect("bob");
    const disabled = await trigger(echo, { token: bob });
    expect([disabled.status, disabled.body.code]).toEqual([409, "workflow_not_enabled"]);
    const draft = await rig.create("Draft", echoWorkflow);
    const undeployed = await trigger(draft, {});
    expect([undeployed.status, undeployed.body.code]).toEqual([409, "workflow_not_deployed"]);
    const unknown = await trigger("11111111-1111-4111-8111-111111111111", {});
    expect([unknown.status, unknown.body.code]).toEqual([404, "workflow_not_found"]);
    const unsigned = await trigger(echo, { token: "nonsense" });
    expect(unsigned.status).toBe(401);
  });

  it("checks what its trigger demands and names every failure", async () => {
    const id = await rig.deploy("Demanding", {
      trigger: {
        id: "call",
        type: "request",
        validation: {
          body: [{ key: "amount", required: true, type: "number" }],
          headers: [{ key: "x-signed", required: true }],
        },
      },
    });
    await rig.enable(id, "ada");
    const answer = await trigger(id, { body: '{"amount":"ten"}' });
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    expect(answer.body.meta.failures).toHaveLength(2);
    const fine = await trigger(id, { body: '{"amount":10}', headers: { "x-signed": "yes" } });
    expect(fine.status).toBe(202);
  });
});

describe("app events on the wire", () => {
  it.each(["/v2", ""])("answers 201 at %s/projects/…/events/trigger", async (prefix) => {
    const id = await rig.deploy(`Told at "${prefix}"`, tellWorkflow("Told", receiver));
    await rig.enable(id, "ada");
    const answer = await tenon.call(`${prefix}${project()}/sdk/events/trigger`, {
      token,
      method: "POST",
      body: { name: "Told", payload: { title: "Hi" } },
    });
    expect(answer.status).toBe(201);
    const own = answer.body.runs.find((one: any) => one.workflowId === id);
    expect((await rig.waitForEnd(own.runId)).input).toEqual({ title: "Hi" });
  });

  it.each([
    ["an unknown event", { name: "Nope", payload: {} }, 404, "event_not_found"],
    ["no name", { payload: {} }, 400, "invalid_request"],
    ["a payload that is a list", { name: "Told", payload: [] }, 400, "invalid_request"],
    [
      "more than 1 MB",
      { name: "Told", payload: { x: "x".repeat(1_100_000) } },
      413,
      "payload_too_large",
    ],
  ])("refuses %s", async (_name, body, status, code) => {
    const answer = await tenon.call(`/v2${project()}/sdk/events/trigger`, {
      token,
      method: "POST",
      body,
    });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe("a hidden workflow", () => {
  it("is described as hidden, and enabled like any other", async () => {
    const userToken = await tenon.signToken("erin");
    await rig.connect("erin");
    const id = await rig.deploy("Out of sight", tellWorkflow("Told", receiver), { hidden: true });
    const { body } = await tenon.call(`${project()}/sdk/integrations`, { token: userToken });
    const { workflowMeta } = body[0].configs[0].values;
    expect(workflowMeta[id]).toMatchObject({ description: "Out of sight", hidden: true });
    const path = `${project()}/sdk/workflows/${id}`;
    const enabled = await tenon.call(path, { token: userToken, method: "POST" });
    expect(enabled.status).toBe(200);
    const [{ workflowSettings }] = enabled.body.configurations;
    expect(workflowSettings[id].enabled).toBe(true);
    const itself = await rig.deploy("By itself", { trigger: { id: "start", type: "enabled" } });
    const refused = await tenon.call(`${project()}/sdk/workflows/${itself}`, {
      token: userToken,
      method: "POST",
    });
    expect([refused.status, refused.body.code]).toEqual([409, "workflow_not_offered"]);
  });
});

describe("settings in the form of Paragon's documentation", () => {
  it("replaces all: workflows that are not named are disabled", async () => {
    const userToken = await tenon.signToken("carol");
    await rig.connect("carol");
    const [kept, dropped] = [
      await rig.deploy("Kept", tellWorkflow("Told", receiver), {
        userSettings: [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS" }],
      }),
      await rig.deploy("Dropped", tellWorkflow("Told", receiver)),
    ];
    await rig.enable(dropped, "carol");
    const [credential] = (await tenon.call(`${project()}/sdk/credentials`, { token: userToken }))
      .body;
    const answer = await tenon.call(`${project()}/sdk/credentials/${credential.id}`, {
      token: userToken,
      method: "PATCH",
      body: {
        config: { configuredWorkflows: { [kept]: { enabled: true, settings: { folder: "A" } } } },
      },
    });
    expect(answer.status).toBe(200);
    const [{ workflowSettings }] = answer.body.configurations;
    expect(workflowSettings[kept]).toEqual({ enabled: true, settings: { folder: "A" } });
    expect(workflowSettings[dropped].enabled).toBe(false);
  });

  it("refuses values that an input does not take, and another user's credential", async () => {
    await tenon.manage("PUT", `${rig.base}/integrations/notion/user-settings`, {
      inputs: [{ id: "count", title: "Count", type: "NUMBER" }],
    });
    const [credential] = (await tenon.call(`${project()}/sdk/credentials`, { token })).body;
    const request = {
      method: "PATCH",
      body: { config: { sharedSettings: { count: "many" } } },
    };
    const path = `${project()}/sdk/credentials/${credential.id}`;
    const wrong = await tenon.call(path, { token, ...request });
    expect([wrong.status, wrong.body.code]).toEqual([400, "settings_invalid"]);
    const strangerToken = await tenon.signToken("stranger");
    const stranger = await tenon.call(path, { token: strangerToken, ...request });
    expect([stranger.status, stranger.body.code]).toEqual([404, "connection_not_found"]);
    await tenon.manage("PUT", `${rig.base}/integrations/notion/user-settings`, { inputs: [] });
  });
});

describe("another user's and another project's ids on the wire", () => {
  it("are unknown", async () => {
    const other = await tenon.createProject("Stranger");
    const strangerToken = await other.signToken("ada");
    const [credential] = (await tenon.call(`${project()}/sdk/credentials`, { token })).body;
    const base = `/projects/${other.projectId}/sdk`;
    const paths: [method: string, path: string, body: unknown][] = [
      ["POST", `/triggers/${echo}`, {}],
      ["POST", `/workflows/${echo}`, undefined],
      ["DELETE", `/workflows/${echo}`, undefined],
      ["PATCH", `/credentials/${credential.id}`, { config: { sharedSettings: {} } }],
      ["POST", `/credentials/${credential.id}/configurations`, {}],
      ["PATCH", `/credentials/${credential.id}/configurations`, { meta: {} }],
    ];
    for (const [method, path, body] of paths) {
      const answer = await tenon.call(base + path, { token: strangerToken, method, body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const wrongProject = await tenon.call(`${project()}/sdk/workflows/${echo}`, {
      token: strangerToken,
      method: "POST",
    });
    expect(wrongProject.status).toBe(401);
  });
});

describe.each(["tools", "actions"])("single actions at /%s", (name) => {
  const path = () => `${project()}/${name}`;

  function run(body: unknown, userToken = token) {
    return tenon.call(path(), { token: userToken, method: "POST", body });
  }

  it("are listed as tools for a model, and as forms", async () => {
    const { body } = await tenon.call(path(), { token });
    const tool = body.actions.notion.find(
      (one: any) => one.function.name === "NOTION_SEARCH_PAGES",
    );
    expect(tool).toMatchObject({
      type: "function",
      function: { description: expect.any(String), parameters: { type: "object" } },
    });
    const forms = await tenon.call(`${path()}?format=paragon&integrations=notion,nope`, { token });
    expect(forms.body.actions.notion[0]).toMatchObject({ inputs: expect.any(Array) });
    expect(forms.body.errors).toMatchObject([{ integration: "nope" }]);
    const nobody = await tenon.signToken("nobody");
    const unavailable = await tenon.call(path(), { token: nobody });
    expect(unavailable.body.actions).toEqual({});
    const all = await tenon.call(`${path()}?limit_to_available=false`, { token: nobody });
    expect(all.body.actions.notion.length).toBeGreaterThan(10);
  });

  it("are run for the user, and answer their output", async () => {
    const found = await run({ action: "NOTION_SEARCH_PAGES", parameters: {} });
    expect(found.status).toBe(200);
    const { id } = found.body.result[0];
    const made = await run({
      action: "NOTION_CREATE_PAGE_WITH_MARKDOWN",
      // What looks like a reference is text here.
      parameters: { parent: id, title: "{{secrets.TOKEN}}", markdown: "# Hi" },
    });
    expect(made.status).toBe(200);
    const read = await run({
      action: "NOTION_GET_PAGE_BY_ID",
      parameters: { pageId: made.body.result.id },
    });
    expect(JSON.stringify(read.body)).toContain("{{secrets.TOKEN}}");
  });

  it("tell what the provider, the input or the user lacks, without 401 or 403", async () => {
    const pageId = "00000000-0000-4000-8000-000000000000";
    const refused = await run({ action: "NOTION_GET_PAGE_BY_ID", parameters: { pageId } });
    expect([refused.status, refused.body.code]).toEqual([422, "action_failed"]);
    expect(refused.body.meta).toMatchObject({ failure: "provider_refused", status: 404 });
    const wrong = await run({ action: "NOTION_GET_PAGE_BY_ID", parameters: {} });
    expect([wrong.status, wrong.body.code]).toEqual([400, "invalid_request"]);
    const unknown = await run({ action: "NOTION_FLY", parameters: {} });
    expect([unknown.status, unknown.body.code]).toEqual([404, "action_not_found"]);
    const nobody = await tenon.signToken("nobody");
    const unconnected = await run({ action: "NOTION_SEARCH_PAGES" }, nobody);
    expect([unconnected.status, unconnected.body.code]).toEqual([404, "connection_not_found"]);
  });
});

it("what a page says of its user holds for its very next request", async () => {
  const user = await tenon.signToken("eve");
  const permissions = {
    operator: "$stringExactlyMatches",
    variable: "{{user.meta.plan}}",
    argument: "pro",
  };
  const forPro = await rig.deploy("For pro", echoWorkflow, { permissions });
  for (let round = 0; round < 40; round += 1) {
    const isPro = round % 2 === 0;
    const meta = { plan: isPro ? "pro" : "free" };
    await tenon.call(`${project()}/sdk/me`, { token: user, method: "PATCH", body: { meta } });
    const { body } = await tenon.call(`${project()}/sdk/integrations`, { token: user });
    const [{ workflows }] = body;
    expect(workflows.some(({ id }: { id: string }) => id === forPro)).toBe(isPro);
  }
});
