import { notion } from "@tenon/notion";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type Workspace } from "../notion-workspace.ts";
import type { TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  type WorkflowRig,
} from "../workflows.ts";

// Many requests with one connection in one minute: its published limit would be waited for.
notion.api.rateLimit = { requests: 1_000_000, windowMs: 60_000 };

let tenon: TestTenon;
let rig: WorkflowRig;
let workspace: Workspace;
let receiver: Receiver;
let base: string;
let users = 0;

beforeAll(async () => {
  tenon = await startDescribedTenon({ environment: { TENON_POLL_SECONDS: "0.2,0.2,0.2" } });
  rig = createWorkflowRig(tenon);
  workspace = await openWorkspace(tenon.localNotion.url);
  receiver = await startReceiver();
  base = `${rig.base}/subscriptions`;
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

async function connectUser(): Promise<string> {
  const userId = `user-${(users += 1)}`;
  await rig.connect(userId);
  return userId;
}

function bodyOf(userId: string, facts: object = {}) {
  return {
    userId,
    integration: "notion",
    trigger: "page-created",
    url: `${receiver.url}/${userId}`,
    ...facts,
  };
}

/** What the receiver got for a user, in its order. */
const gotBy = (userId: string) =>
  receiver.got.filter(({ path }) => path === `/${userId}`).map(({ body }) => JSON.parse(body));

describe("a subscription", () => {
  it("is told of what happens in the account from then on, signed", async () => {
    const userId = await connectUser();
    await workspace.createPage("Old");
    const made = await tenon.manage(
      "POST",
      base,
      bodyOf(userId, {
        condition: {
          operator: "$stringStartsWith",
          variable: "{{trigger.result.properties.title.title[0].plain_text}}",
          argument: "New",
        },
        headers: { "X-Own": "own value" },
        metadata: { tenant: "t-1" },
      }),
    );
    expect(made).toMatchObject({ type: "NOTION_PAGE_CREATED", headerNames: ["x-own"] });
    await workspace.createPage("Other");
    const pageId = await workspace.createPage("New page");
    await expect.poll(() => gotBy(userId), { timeout: 10_000 }).toHaveLength(1);
    const received = receiver.got.find(({ path }) => path === `/${userId}`);
    const headers = received?.headers as Record<string, string>;
    expect(headers).toMatchObject({ "x-own": "own value" });
    expect(new Webhook(made.secret).verify(received?.body ?? "", headers)).toMatchObject({
      type: "NOTION_PAGE_CREATED",
      data: { result: { object: "page", id: pageId }, event: { changes: ["created"] } },
      subscriptionId: made.id,
      integration: "notion",
      user: { id: userId },
      metadata: { tenant: "t-1" },
    });
    const { deliveries } = await tenon.manage("GET", `${base}/${made.id}/deliveries`);
    expect(deliveries).toHaveLength(1);
    const delivery = await tenon.manage("GET", `${base}/${made.id}/deliveries/${deliveries[0].id}`);
    expect(delivery).toMatchObject({
      id: headers["webhook-id"],
      body: JSON.parse(received?.body ?? ""),
    });
    const metrics = await tenon.call("/metrics", {});
    expect(metrics.text).toMatch(/tenon_deliveries_total\{outcome="delivered"\} [1-9]/);
    expect(metrics.text).toContain('tenon_deliveries_total{outcome="failed"} 0');
  });

  it("that catches up is told of what happened while it was disabled, once; another is not", async () => {
    const [catching, other] = [await connectUser(), await connectUser()];
    const ids = [];
    for (const [userId, catchUp] of [
      [catching, true],
      [other, false],
    ] as const) {
      const { id } = await tenon.manage("POST", base, bodyOf(userId, { catchUp }));
      ids.push(id);
    }
    const titles = (userId: string): string[] =>
      gotBy(userId).map(({ data }) => data.result.properties.title.title[0].plain_text);
    await workspace.createPage("Before");
    await expect
      .poll(() => [titles(catching), titles(other)], { timeout: 10_000 })
      .toEqual([["Before"], ["Before"]]);
    for (const id of ids) await tenon.manage("PATCH", `${base}/${id}`, { status: "disabled" });
    await workspace.createPage("Meanwhile");
    for (const id of ids) await tenon.manage("PATCH", `${base}/${id}`, { status: "active" });
    await workspace.createPage("After");
    await expect
      .poll(() => titles(catching).toSorted(), { timeout: 10_000 })
      .toEqual(["After", "Before", "Meanwhile"]);
    await expect.poll(() => titles(other), { timeout: 10_000 }).toEqual(["Before", "After"]);
  });

  it("can be tested, replayed, changed and deleted", async () => {
    const userId = await connectUser();
    const made = await tenon.manage("POST", base, bodyOf(userId));
    const path = `${base}/${made.id}`;
    const test = await tenon.manage("POST", `${path}/test`);
    await expect.poll(() => gotBy(userId)).toMatchObject([{ test: true, user: { id: userId } }]);
    const get = () => tenon.manage("GET", `${path}/deliveries/${test.id}`);
    await expect.poll(async () => (await get()).status).toBe("delivered");
    await tenon.manage("POST", `${path}/deliveries/${test.id}/replay`);
    await expect.poll(() => gotBy(userId)).toHaveLength(2);
    const time = { from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };
    expect(await tenon.manage("POST", `${path}/replay`, time)).toEqual({ replayed: 0 });
    const { secret } = await tenon.manage("GET", `${path}/secret`);
    expect(secret).toBe(made.secret);
    const rotated = await tenon.manage("POST", `${path}/secret/rotate`);
    expect(rotated.secret).not.toBe(secret);
    const changed = await tenon.manage("PATCH", path, {
      url: `${receiver.url}/elsewhere`,
      metadata: { n: 1 },
      status: "disabled",
    });
    expect(changed).toMatchObject({ status: "disabled", disabledReason: "requested" });
    expect(await tenon.manage("GET", path)).toEqual(changed);
    const refused = await tenon.call(`${path}/test`, { token: tenon.instanceKey, method: "POST" });
    expect([refused.status, refused.body.code]).toEqual([409, "subscription_disabled"]);
    const listed = await tenon.manage(
      "GET",
      `${base}?userId=${userId}&integration=notion&trigger=NOTION_PAGE_CREATED&status=disabled`,
    );
    expect(listed.subscriptions.map(({ id }: { id: string }) => id)).toEqual([made.id]);
    for (const shown of [changed, listed]) {
      expect(JSON.stringify(shown)).not.toContain(rotated.secret.slice(6));
    }
    await tenon.manage("DELETE", path);
    const gone = await tenon.call(path, { token: tenon.instanceKey });
    expect([gone.status, gone.body.code]).toEqual([404, "subscription_not_found"]);
  });

  it("is refused with what is wrong", async () => {
    const userId = await connectUser();
    await tenon.call(`/projects/${tenon.projectId}/sdk/me`, {
      token: await tenon.signToken("new"),
    });
    const refusals: [object, number, string, RegExp][] = [
      [{ userId: "nobody" }, 404, "user_not_found", /nobody/],
      [{ userId: "new" }, 404, "connection_not_found", /has not connected/],
      [{ connection: "none" }, 404, "connection_not_found", /none/],
      [{ integration: "slack" }, 404, "integration_not_found", /slack/],
      [{ trigger: "page-exploded" }, 404, "trigger_not_found", /page-exploded.*page-created/],
      [{ input: { parent: "no id" } }, 400, "invalid_request", /input\.parent/],
      [{ input: { nothing: 1 } }, 400, "invalid_request", /input\.nothing/],
      [{ url: "nowhere" }, 400, "invalid_request", /url/],
      [{ headers: { host: "x" } }, 400, "invalid_request", /headers\.host/],
      [{ strange: true }, 400, "invalid_request", /strange/],
    ];
    for (const [facts, status, code, words] of refusals) {
      const answer = await tenon.call(base, {
        token: tenon.instanceKey,
        method: "POST",
        body: bodyOf(userId, facts),
      });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.body.message).toMatch(words);
    }
  });

  it("goes with the account", async () => {
    const userId = await connectUser();
    const { id } = await tenon.manage("POST", base, bodyOf(userId));
    const token = await tenon.signToken(userId);
    const path = `/projects/${tenon.projectId}/sdk/integrations/${tenon.integrationId}`;
    await tenon.call(path, { token, method: "DELETE" });
    const gone = await tenon.call(`${base}/${id}`, { token: tenon.instanceKey });
    expect(gone.status).toBe(404);
  });
});

describe("with a user token, as Paragon documents it,", () => {
  it("a user subscribes, lists, changes and deletes", async () => {
    const userId = await connectUser();
    const token = await tenon.signToken(userId);
    const path = `/projects/${tenon.projectId}/trigger-subscriptions`;
    const webhookOverride = {
      url: `${receiver.url}/${userId}`,
      headers: { authorization: "Bearer of-my-own" },
      metadata: { from: "page" },
    };
    const body = { type: "NOTION_PAGE_CREATED", parameters: {}, webhookOverride };
    const made = await tenon.call(path, { token, method: "POST", body });
    expect(made).toMatchObject({
      status: 201,
      body: {
        integration: "notion",
        type: "NOTION_PAGE_CREATED",
        webhookOverride: { headerNames: ["authorization"], metadata: { from: "page" } },
      },
    });
    const second = await tenon.call(path, {
      token,
      method: "POST",
      body: { ...body, integration: "notion" },
      headers: { "x-paragon-credential": made.body.credentialId },
    });
    expect(second.status).toBe(201);
    const { id } = made.body;
    await workspace.createPage("For the user");
    await expect.poll(() => gotBy(userId), { timeout: 10_000 }).toHaveLength(2);
    expect(gotBy(userId)[0]).toMatchObject({ metadata: { from: "page" }, user: { id: userId } });

    const listed = await tenon.call(path, { token });
    expect(listed.body.subscriptions.map((one: { id: string }) => one.id)).toEqual([
      second.body.id,
      id,
    ]);
    const { secret } = await tenon.manage("GET", `${base}/${id}/secret`);
    for (const { text } of [made, second, listed]) {
      expect(text).not.toContain(secret.slice(6));
      expect(text).not.toContain("of-my-own");
    }
    const changed = await tenon.call(`${path}/${id}`, {
      token,
      method: "PATCH",
      body: { webhookOverride: { url: `${receiver.url}/changed` }, status: "disabled" },
    });
    expect(changed.body).toMatchObject({
      status: "disabled",
      webhookOverride: { url: `${receiver.url}/changed`, headerNames: ["authorization"] },
    });
    expect((await tenon.call(`${path}/${id}`, { token })).body).toEqual(changed.body);
    expect((await tenon.call(`${path}/${id}`, { token, method: "DELETE" })).status).toBe(204);
    expect((await tenon.call(`${path}/${id}`, { token })).body.code).toBe("subscription_not_found");
  });

  it("what cannot be subscribed to is refused with what is wrong", async () => {
    const token = await tenon.signToken(await connectUser());
    const path = `/projects/${tenon.projectId}/trigger-subscriptions`;
    const type = "NOTION_PAGE_CREATED";
    const webhookOverride = { url: receiver.url };
    const refusals: [object, number, string, RegExp][] = [
      [{ type }, 400, "invalid_request", /webhookOverride\.url/],
      [{ type: "NOTION_PAGE_EXPLODED", webhookOverride }, 404, "trigger_not_found", /getTriggers/],
      [{ type, integration: "slack", webhookOverride }, 404, "integration_not_found", /slack/],
      [
        { type, parameters: { parent: "no id" }, webhookOverride },
        400,
        "invalid_request",
        /parent/,
      ],
    ];
    for (const [body, status, code, words] of refusals) {
      const answer = await tenon.call(path, { token, method: "POST", body });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.body.message).toMatch(words);
    }
  });

  it("each trigger tells its parameters and an example", async () => {
    const token = await tenon.signToken(await connectUser());
    const path = `/projects/${tenon.projectId}/triggers`;
    const { body } = await tenon.call(`${path}?integrations=notion`, { token });
    const item = body.triggers.notion.find(
      (one: { type: string }) => one.type === "NOTION_DATA_SOURCE_ITEM_CREATED",
    );
    expect(item).toMatchObject({ triggerModel: "WEBHOOK", title: expect.any(String) });
    expect(item.parameters).toContainEqual(
      expect.objectContaining({ id: "dataSource", required: true, type: "DYNAMIC_ENUM" }),
    );
    for (const { type } of body.triggers.notion) {
      const example = await tenon.call(`${path}/${type}/example`, { token });
      expect(example.body).toMatchObject({ type, integration: "notion", data: { event: {} } });
    }
    const unknown = await tenon.call(`${path}/NOTION_PAGE_EXPLODED/example`, { token });
    expect(unknown.body.code).toBe("trigger_not_found");
  });
});
