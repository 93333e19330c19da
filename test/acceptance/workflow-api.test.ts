import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKeyText, storeApiKey } from "../../apps/server/src/identity/api-keys.ts";
import { connectAccount } from "../connect-account.ts";
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
beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  rig = createWorkflowRig(tenon);
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "Told", sample: { title: "x" } });
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

function call(method: string, path: string, body?: unknown, token = tenon.instanceKey) {
  return tenon.call(path, { method, token, ...(body !== undefined && { body }) });
}

describe("workflows over the API", () => {
  it("creates, changes, lists and deletes a workflow", async () => {
    const id = await rig.create("First");
    const path = `${rig.base}/workflows/${id}`;
    const changed = await tenon.manage("PATCH", path, {
      description: "Says it",
      infoText: "For you",
      userSettings: [{ id: "name", title: "Name", type: "TEXT_NO_VARS" }],
      permissions: {
        operator: "$stringExactlyMatches",
        variable: "{{user.meta.plan}}",
        argument: "pro",
      },
    });
    expect(changed).toMatchObject({
      title: "First",
      integration: "notion",
      description: "Says it",
      deployed: null,
      userSettings: [{ id: "name", required: false }],
    });
    const { workflows } = await tenon.manage("GET", `${rig.base}/workflows?integration=notion`);
    expect(workflows.map((one: { id: string }) => one.id)).toContain(id);
    await tenon.manage("DELETE", path);
    const gone = await call("GET", path);
    expect([gone.status, gone.body.code]).toEqual([404, "workflow_not_found"]);
  });

  it("saves a draft only from the revision that was changed", async () => {
    const id = await rig.create("Edited by two");
    const path = `${rig.base}/workflows/${id}/draft`;
    const { revision } = await tenon.manage("GET", path);
    const saved = await tenon.manage("PUT", path, { revision, definition: echoWorkflow });
    expect(saved.revision).toBeGreaterThan(revision);
    const late = await call("PUT", path, { revision, definition: echoWorkflow });
    expect([late.status, late.body.code]).toEqual([409, "conflict"]);
    expect(late.body.meta.currentRevision).toBe(saved.revision);
  });

  it("names the problems of a draft by step and field, and refuses to deploy it", async () => {
    const definition = structuredClone(tellWorkflow("Nobody's event", receiver));
    const id = await rig.create("Broken", definition);
    const { problems } = await tenon.manage("GET", `${rig.base}/workflows/${id}/problems`);
    expect(problems).toContainEqual(
      expect.objectContaining({ code: "unknown_event", stepId: "start", severity: "error" }),
    );
    const refused = await call("POST", `${rig.base}/workflows/${id}/deploy`, {});
    expect([refused.status, refused.body.code]).toEqual([422, "workflow_invalid"]);
    expect(refused.body.meta.problems).toEqual(problems);
  });

  it("keeps versions, restores one, and undeploys", async () => {
    const id = await rig.deploy("Versioned", tellWorkflow("Told", receiver));
    const path = `${rig.base}/workflows/${id}`;
    const first = (await tenon.manage("GET", `${path}/versions?show=deployed`)).versions[0];
    expect(first).toMatchObject({ number: 1, kind: "deployed", isDeployed: true });
    const { revision } = await tenon.manage("GET", `${path}/draft`);
    await tenon.manage("PUT", `${path}/draft`, { revision, definition: echoWorkflow });
    await tenon.manage("POST", `${path}/versions`, { name: "Echo" });
    const restored = await tenon.manage("POST", `${path}/versions/${first.id}/restore`);
    expect(restored.definition.trigger.event).toBe("Told");
    const version = await tenon.manage("GET", `${path}/versions/${first.id}`);
    expect(version.definition.trigger.event).toBe("Told");
    const { versions } = await tenon.manage("GET", `${path}/versions?show=named`);
    expect(versions).toMatchObject([{ name: "Echo" }]);
    const undeployed = await tenon.manage("POST", `${path}/undeploy`);
    expect(undeployed.deployed).toBeNull();
  });

  it.each(["tenon", "paragon"])("imports what it exported in the form of %s", async (format) => {
    const id = await rig.create(`Exported as ${format}`, tellWorkflow("Told", receiver));
    const document = await tenon.manage(
      "GET",
      `${rig.base}/workflows/${id}/export?format=${format}`,
    );
    const imported = await tenon.manage("POST", `${rig.base}/workflows/import`, {
      integration: "notion",
      document,
    });
    const draft = await tenon.manage("GET", `${rig.base}/workflows/${imported.workflow.id}/draft`);
    expect(draft.definition.trigger).toMatchObject({ type: "event", event: "Told" });
    expect(draft.problems.filter((one: any) => one.severity === "error")).toEqual([]);
  });

  it("copies to another project and tells what that project lacks", async () => {
    const other = await tenon.createProject("Copied to");
    const id = await rig.create("To copy", tellWorkflow("Told", receiver));
    const path = `${rig.base}/workflows/${id}/copy`;
    const copied = await tenon.manage("POST", path, { projectId: other.projectId });
    expect(copied.lacks.events).toEqual(["Told"]);
    const key = createApiKeyText();
    await storeApiKey(tenon.tenon.services.apiKeys, key, {
      projectId: tenon.projectId,
      title: "Own",
    });
    const refused = await call("POST", path, { projectId: other.projectId }, key);
    expect([refused.status, refused.body.code]).toEqual([404, "project_not_found"]);
  });

  it("keeps integration-wide user settings, and names the fault of a wrong one", async () => {
    const path = `${rig.base}/integrations/notion/user-settings`;
    const inputs = [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS", required: false }];
    expect(await tenon.manage("PUT", path, { inputs })).toEqual({ inputs });
    expect(await tenon.manage("GET", path)).toEqual({ inputs });
    const wrong = await call("PUT", path, { inputs: [{ id: "x y", title: "X", type: "NOPE" }] });
    expect([wrong.status, wrong.body.code]).toEqual([400, "invalid_request"]);
    await tenon.manage("PUT", path, { inputs: [] });
  });
});

describe("app events and secrets over the API", () => {
  it("keeps an event while deployed workflows start with it, unless forced", async () => {
    const { id } = await tenon.manage("POST", `${rig.base}/app-events`, { name: "Used" });
    await rig.deploy("Uses an event", tellWorkflow("Used", receiver));
    const path = `${rig.base}/app-events/${id}`;
    const refused = await call("DELETE", path);
    expect([refused.status, refused.body.code]).toEqual([409, "event_in_use"]);
    expect(refused.body.meta.workflows).toMatchObject([{ title: "Uses an event" }]);
    expect((await call("DELETE", `${path}?force=true`)).status).toBe(204);
  });

  it("never gives a secret's value back", async () => {
    const path = `${rig.base}/secrets`;
    const value = "a very secret value";
    const created = await call("POST", path, { name: "TOKEN", value });
    expect(created.status).toBe(201);
    const replaced = await call("PUT", `${path}/${created.body.id}`, { value: `${value} 2` });
    const listed = await call("GET", path);
    for (const answer of [created, replaced, listed]) expect(answer.text).not.toContain(value);
    expect(listed.body.secrets).toMatchObject([{ name: "TOKEN" }]);
    const again = await call("POST", path, { name: "TOKEN", value });
    expect([again.status, again.body.code]).toEqual([409, "conflict"]);
    expect((await call("DELETE", `${path}/${created.body.id}`)).status).toBe(204);
  });
});

describe("the catalogue", () => {
  it("describes every action with JSON Schemas that a form can be made of", async () => {
    const { connectors } = await tenon.manage("GET", "/api/connectors");
    const notion = connectors.find((one: { type: string }) => one.type === "notion");
    const action = notion.actions.find((one: any) => one.intent === "NOTION_CREATE_PAGE");
    expect(action).toMatchObject({
      effect: expect.stringMatching(/read|write|destroy/),
      inputSchema: { type: "object", properties: expect.any(Object) },
      outputSchema: expect.any(Object),
    });
    const fields = Object.values<any>(action.inputSchema.properties);
    for (const field of fields) expect(field.title).toEqual(expect.any(String));
    expect(await tenon.manage("GET", "/api/connectors/notion")).toEqual(notion);
  });

  it("answers a picker's choices from the user's account, all or searched", async () => {
    await rig.connect("chooser");
    const { pickers } = await tenon.manage("GET", "/api/connectors/notion");
    const { id: picker } = pickers.find((one: any) => one.needs.length === 0);
    const path = `${rig.base}/integrations/notion/choices`;
    const { choices } = await tenon.manage("POST", path, { userId: "chooser", picker });
    expect(choices[0]).toMatchObject({ value: expect.any(String), label: expect.any(String) });
    const { label } = choices[0];
    const found = await tenon.manage("POST", path, { userId: "chooser", picker, search: label });
    expect(found.choices.map((one: any) => one.label)).toContain(label);
  });

  it("answers the fields that only the account knows, once what they depend on is chosen", async () => {
    const { pickers, shapes } = await tenon.manage("GET", "/api/connectors/notion");
    const { id: shape, needs } = shapes[0];
    const choices = `${rig.base}/integrations/notion/choices`;
    const picker = pickers.find((one: any) => one.id === "data-sources").id;
    const sources = await tenon.manage("POST", choices, { userId: "chooser", picker });
    const path = `${rig.base}/integrations/notion/shapes`;
    const input = { [needs[0]]: sources.choices[0].value };
    const { schema } = await tenon.manage("POST", path, { userId: "chooser", shape, input });
    expect(Object.keys(schema.properties).length).toBeGreaterThan(0);
    const early = await call("POST", path, { userId: "chooser", shape });
    expect([early.status, early.body.code]).toEqual([400, "invalid_request"]);
    expect(early.body.meta.missing).toEqual(needs);
    const unknown = { [needs[0]]: "00000000-0000-4000-8000-000000000000" };
    const refused = await call("POST", path, { userId: "chooser", shape, input: unknown });
    expect([refused.status, refused.body.code]).toEqual([502, "provider_refused"]);
    expect(refused.body.meta).toMatchObject({ providerStatus: 404 });
  });

  it.each([
    ["an unknown picker", { userId: "chooser", picker: "nope" }, 404, "picker_not_found"],
    ["an unknown user", { userId: "nobody", picker: "pages" }, 404, "user_not_found"],
    ["no picker", { userId: "chooser" }, 400, "invalid_request"],
  ])("says what is wrong with %s", async (_name, body, status, code) => {
    const answer = await call("POST", `${rig.base}/integrations/notion/choices`, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe("connected users over the API", () => {
  it("lists users in pages, and finds them by id, name or email", async () => {
    const other = await tenon.createProject("Many users");
    const base = `/api/projects/${other.projectId}`;
    for (const userId of ["u-1", "u-2", "u%3"]) {
      const token = await other.signToken(userId);
      const meta = userId === "u-2" ? { Name: "Grace Hopper" } : {};
      await tenon.call(`/projects/${other.projectId}/sdk/me`, {
        token,
        method: "PATCH",
        body: { meta },
      });
    }
    const first = await tenon.manage("GET", `${base}/users?limit=2`);
    expect(first.users.map((one: any) => one.userId)).toEqual(["u%3", "u-2"]);
    const second = await tenon.manage(
      "GET",
      `${base}/users?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`,
    );
    expect(second).toMatchObject({ users: [{ userId: "u-1" }], nextCursor: null });
    const named = await tenon.manage("GET", `${base}/users?search=hopper`);
    expect(named.users).toMatchObject([{ userId: "u-2", meta: { Name: "Grace Hopper" } }]);
    const literal = await tenon.manage("GET", `${base}/users?search=${encodeURIComponent("u%")}`);
    expect(literal.users).toMatchObject([{ userId: "u%3" }]);
    const anew = await tenon.manage("GET", `${base}/users?limit=2&cursor=nonsense`);
    expect(anew.users).toEqual(first.users);
  });

  it("shows a user's accounts, and enables and disables workflows for them", async () => {
    await rig.connect("enrolled");
    const id = await rig.deploy("Enrolled in", tellWorkflow("Told", receiver));
    const path = `${rig.base}/users/enrolled`;
    expect(await tenon.manage("GET", path)).toMatchObject({
      userId: "enrolled",
      connections: [{ integration: "notion", status: "VALID" }],
    });
    const isEnabled = async () => {
      const { enrollments } = await tenon.manage("GET", `${path}/workflows`);
      return enrollments.find((one: any) => one.workflowId === id).enabled;
    };
    expect(await isEnabled()).toBe(false);
    await rig.enable(id, "enrolled");
    expect(await isEnabled()).toBe(true);
    await tenon.manage("PUT", `${path}/workflows/${id}`, { enabled: false });
    expect(await isEnabled()).toBe(false);
    const unknown = await call("GET", `${rig.base}/users/nobody`);
    expect([unknown.status, unknown.body.code]).toEqual([404, "user_not_found"]);
  });
});

describe("a connected user changed over the API", () => {
  const path = () => `${rig.base}/users/backed`;
  beforeAll(() => rig.connect("backed"));

  const inputs = [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS", required: false }];

  async function readConnection() {
    const { connections } = await tenon.manage("GET", path());
    return connections[0];
  }

  it("has metadata merged, and what it does not permit any more disabled", async () => {
    const id = await rig.deploy("For pro", tellWorkflow("Told", receiver), {
      permissions: {
        operator: "$stringExactlyMatches",
        variable: "{{user.meta.plan}}",
        argument: "pro",
      },
    });
    const early = await call("PUT", `${path()}/workflows/${id}`, { enabled: true });
    expect([early.status, early.body.code]).toEqual([409, "workflow_not_permitted"]);
    await tenon.manage("PATCH", path(), { meta: { plan: "pro" } });
    const merged = await tenon.manage("PATCH", path(), { meta: { Name: "Ada" } });
    expect(merged).toMatchObject({ userId: "backed", meta: { plan: "pro", Name: "Ada" } });
    await rig.enable(id, "backed");
    const { connections } = await tenon.manage("PATCH", path(), { meta: { plan: "free" } });
    expect(connections[0].configurations[0].workflows[id].enabled).toBe(false);
    const token = await tenon.signToken("backed");
    const me = () => tenon.call(`/projects/${tenon.projectId}/sdk/me`, { token });
    await expect.poll(async () => (await me()).body.meta).toEqual({ plan: "free", Name: "Ada" });
  });

  it("has settings filled in and workflows enabled by one call", async () => {
    await tenon.manage("PUT", `${rig.base}/integrations/notion/user-settings`, { inputs });
    const userSettings = [{ id: "tone", title: "Tone", type: "TEXT_NO_VARS", required: true }];
    const id = await rig.deploy("Set up", tellWorkflow("Told", receiver), { userSettings });
    const connection = await readConnection();
    const one = `${path()}/connections/${connection.id}`;
    const early = await call("PATCH", one, { workflows: { [id]: { enabled: true } } });
    expect([early.status, early.body.code]).toEqual([409, "settings_missing"]);
    const changed = await tenon.manage("PATCH", one, {
      integrationSettings: { folder: "Inbox" },
      workflows: { [id]: { enabled: true, settings: { tone: "kind" } } },
    });
    const state = { enabled: true, settings: { tone: "kind" } };
    expect(changed.configurations).toMatchObject([
      { isDefault: true, integrationSettings: { folder: "Inbox" }, workflows: { [id]: state } },
    ]);
    expect(await readConnection()).toEqual(changed);
    const again = { workflows: { [id]: { enabled: false } } };
    const { configurations } = await tenon.manage("PATCH", one, again);
    expect(configurations[0]).toMatchObject({
      integrationSettings: { folder: "Inbox" },
      workflows: { [id]: { enabled: false, settings: { tone: "kind" } } },
    });
    await tenon.manage("PUT", `${rig.base}/integrations/notion/user-settings`, { inputs: [] });
  });

  it("keeps everything as it was where a part is refused", async () => {
    const hidden = await rig.deploy("Hidden", tellWorkflow("Told", receiver), { hidden: true });
    const before = await readConnection();
    const one = `${path()}/connections/${before.id}`;
    const nowhere = "11111111-1111-4111-8111-111111111111";
    const enabled = { enabled: true };
    const refusals = [
      [one, { workflows: { [hidden]: enabled, [nowhere]: enabled } }, "workflow_not_deployed"],
      [one, { integrationSettings: { nope: 1 }, workflows: {} }, "settings_invalid"],
      [one, { configuration: "nope", workflows: {} }, "configuration_not_found"],
      [one, { sharedSettings: {} }, "invalid_request"],
      [`${path()}/connections/${nowhere}`, { workflows: {} }, "connection_not_found"],
      [`${rig.base}/users/nobody/connections/${before.id}`, {}, "user_not_found"],
      [`${rig.base}/users/enrolled/connections/${before.id}`, {}, "connection_not_found"],
      [`${rig.base}/users/nobody`, { meta: {} }, "user_not_found"],
      [path(), { meta: { long: "x".repeat(20_000) } }, "invalid_request"],
    ] as const;
    for (const [at, body, code] of refusals) {
      expect([at, (await call("PATCH", at, body)).body.code]).toEqual([at, code]);
    }
    expect(await readConnection()).toEqual(before);
  });
});

describe("what the API refuses", () => {
  it("answers another project's ids as unknown ones", async () => {
    const other = await tenon.createProject("Stranger");
    const strangers = `/api/projects/${other.projectId}`;
    const id = await rig.deploy("Not yours", tellWorkflow("Told", receiver));
    const { versions } = await tenon.manage("GET", `${rig.base}/workflows/${id}/versions`);
    const { events } = await tenon.manage("GET", `${rig.base}/app-events`);
    const secret = await tenon.manage("POST", `${rig.base}/secrets`, {
      name: "MINE",
      value: "secret value",
    });
    const { connections } = await tenon.manage("GET", `${rig.base}/users/enrolled`);
    const paths: [method: string, path: string, body?: unknown][] = [
      ["GET", `/workflows/${id}`],
      ["PATCH", `/workflows/${id}`, { title: "Taken" }],
      ["DELETE", `/workflows/${id}`],
      ["GET", `/workflows/${id}/draft`],
      ["PUT", `/workflows/${id}/draft`, { revision: 1, definition: {} }],
      ["GET", `/workflows/${id}/problems`],
      ["POST", `/workflows/${id}/deploy`, {}],
      ["POST", `/workflows/${id}/undeploy`],
      ["GET", `/workflows/${id}/versions`],
      ["GET", `/workflows/${id}/versions/${versions[0].id}`],
      ["POST", `/workflows/${id}/versions/${versions[0].id}/restore`],
      ["GET", `/workflows/${id}/export`],
      ["POST", `/workflows/${id}/copy`, {}],
      ["POST", `/workflows/${id}/test`, { account: { userId: "enrolled" } }],
      ["POST", `/workflows/${id}/steps/tell/test`, { account: { userId: "enrolled" } }],
      ["GET", `/app-events/${events[0].id}`],
      ["DELETE", `/app-events/${events[0].id}`],
      ["PUT", `/secrets/${secret.id}`, { value: "other value" }],
      ["DELETE", `/secrets/${secret.id}`],
      ["GET", "/users/enrolled"],
      ["GET", "/users/enrolled/workflows"],
      ["PUT", `/users/enrolled/workflows/${id}`, { enabled: true }],
      ["PATCH", "/users/enrolled", { meta: { plan: "pro" } }],
      ["PATCH", `/users/enrolled/connections/${connections[0].id}`, { integrationSettings: {} }],
    ];
    for (const [method, path, body] of paths) {
      const answer = await call(method, strangers + path, body);
      expect([`${method} ${path}`, answer.status]).toEqual([`${method} ${path}`, 404]);
    }
    expect((await tenon.manage("GET", `${rig.base}/workflows/${id}`)).title).toBe("Not yours");
  });

  it("wants an API key that is good for the project, before it reads a body", async () => {
    const paths = ["/workflows", "/runs", "/app-events", "/secrets", "/users", "/runs/events"];
    for (const path of paths) {
      const answer = await call("GET", rig.base + path, undefined, "tenon_wrong");
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, "api_key_invalid"]);
    }
    const big = { integration: "notion", title: "x", definition: { x: "x".repeat(3_000_000) } };
    const refused = await call("POST", `${rig.base}/workflows`, big, "tenon_wrong");
    expect(refused.status).toBe(401);
  });

  it.each([
    ["a text", '"x"', 400],
    ["broken JSON", "{", 400],
    ["keys that tamper with prototypes", '{"__proto__":{"a":1}}', 400],
    ["lists without end", "[".repeat(300_000), 400],
    ["a definition that is a list", '{"revision":1,"definition":[]}', 400],
    [
      "more than 8 MB",
      JSON.stringify({ revision: 1, definition: { x: "x".repeat(9_000_000) } }),
      413,
    ],
  ])("refuses as a draft: %s", async (_name, body, status) => {
    const id = await rig.create("Refusing");
    const answer = await call("PUT", `${rig.base}/workflows/${id}/draft`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(status === 413 ? "payload_too_large" : "invalid_request");
  });

  it("keeps a draft of 10,000 steps from being deployed, in one problem", async () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => ({
      id: `step-${index}`,
      type: "delay",
      value: 1,
      next: index === 9_999 ? null : `step-${index + 1}`,
    }));
    const definition = { trigger: { id: "t", type: "enabled", next: "step-0" }, steps };
    const created = await call("POST", `${rig.base}/workflows`, {
      integration: "notion",
      title: "Huge",
      definition,
    });
    const problems =
      created.status === 201
        ? (await call("GET", `${rig.base}/workflows/${created.body.id}/problems`)).body.problems
        : created.body;
    expect(JSON.stringify(problems)).toMatch(/too_many_steps|at most 500|payload_too_large/);
    expect(JSON.stringify(problems).length).toBeLessThan(10_000);
  });

  it.each(["not-a-uuid", "00000000-0000-4000-8000-00000000000g"])(
    "refuses the workflow id %s",
    async (id) => {
      const answer = await call("GET", `${rig.base}/workflows/${id}`);
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    },
  );

  it("names 20 faults of a body at most", async () => {
    const userSettings = Array.from({ length: 90 }, () => ({}));
    const id = await rig.create("Faulty");
    const answer = await call("PATCH", `${rig.base}/workflows/${id}`, { userSettings });
    expect(answer.body.meta.issues).toHaveLength(20);
    expect(answer.body.message).toMatch(/and \d+ more/);
  });
});

describe("/metrics", () => {
  async function read(): Promise<Map<string, number>> {
    const { text } = await tenon.call("/metrics", {});
    const lines = text.split("\n").filter((line) => /^tenon_(runs|step)_/.test(line));
    return new Map(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));
  }

  it("counts the runs that started and ended, and the steps that failed, by code", async () => {
    await rig.connect("measured");
    await tenon.manage("POST", `${rig.base}/app-events`, { name: "Measured" });
    const id = await rig.deploy("Measured", tellWorkflow("Measured", receiver));
    await rig.enable(id, "measured");
    const before = await read();
    for (const status of [200, 400]) {
      receiver.answerWith({ status });
      const event = { name: "Measured", payload: {} };
      const { runs } = await tenon.manage("POST", `${rig.base}/users/measured/events`, event);
      await rig.waitForEnd(runs[0].runId);
    }
    receiver.answerWith({});
    const now = await read();
    const rise = (name: string) => (now.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(rise("tenon_runs_started_total")).toBe(2);
    expect(rise('tenon_runs_ended_total{status="succeeded"}')).toBe(1);
    expect(rise('tenon_runs_ended_total{status="failed"}')).toBe(1);
    expect(rise('tenon_step_failures_total{code="request_failed"}')).toBe(1);
  });

  it("tells how many runs are under way and queued, and since when", async () => {
    const other = await tenon.createProject("Queued");
    const own = createWorkflowRig(tenon, other.projectId);
    await connectAccount({ ...tenon, ...other }, { userId: "ada" });
    await tenon.manage("PATCH", own.base, { runPolicy: { perProject: 1 } });
    const id = await own.deploy("Slow", {
      trigger: { id: "call", type: "request", next: "ask" },
      steps: [{ id: "ask", type: "request", method: "GET", url: `${receiver.url}/slow` }],
    });
    await own.enable(id, "ada");
    receiver.answerWith({ delayMs: 1_500 });
    const start = () => tenon.manage("POST", `${own.base}/users/ada/workflows/${id}/runs`, {});
    const started = [await start(), await start(), await start()];
    const now = await read();
    expect(now.get("tenon_runs_under_way")).toBe(1);
    expect(now.get("tenon_runs_queued")).toBe(2);
    expect(now.get("tenon_runs_queued_oldest_seconds")).toBeGreaterThan(0);
    receiver.answerWith({});
    for (const { runId } of started) await own.waitForEnd(runId);
    const after = await read();
    expect(after.get("tenon_runs_queued")).toBe(0);
    expect(after.get("tenon_runs_queued_oldest_seconds")).toBe(0);
    await expect.poll(async () => (await read()).get("tenon_runs_under_way")).toBe(0);
  });
});

describe("/openapi.json", () => {
  it("describes every route of the API, with references that lead somewhere", async () => {
    const { body, text } = await tenon.call("/openapi.json", {});
    for (const [, name = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)) {
      expect(body.components.schemas).toHaveProperty([name]);
    }
    expect(text).not.toContain("#/$defs/");
    const operations = Object.values<any>(body.paths).flatMap((item) => Object.values<any>(item));
    const ids = operations.map((one) => one.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(["putDraft", "followRun", "triggerWorkflow"]));
    const stream = body.paths["/api/projects/{projectId}/runs/{runId}/events"].get.responses[200];
    expect(Object.keys(stream.content)).toEqual(["text/event-stream"]);
  });
});
