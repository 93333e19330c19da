import { randomUUID } from "node:crypto";
import { signWebhookPayload } from "@notionhq/client";
import * as contract from "@tenon/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKeyText, storeApiKey } from "../../apps/server/src/identity/api-keys.ts";
import { connectAccount } from "../connect-account.ts";
import { startDescribedTenon } from "../workflows.ts";
import type { TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
let base: string;
let webhookPath: string;
let connection: { id: string; providerData: Record<string, string> };

beforeAll(async () => {
  tenon = await startDescribedTenon();
  base = `/api/projects/${tenon.projectId}`;
  webhookPath = `${base}/integrations/notion/webhook`;
  await connectAccount(tenon, { userId: "ada" });
  const user = await tenon.manage("GET", `${base}/users/ada`);
  [connection] = user.connections;
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

const webhook = () => tenon.manage("GET", webhookPath);

async function local(method: string, path: string, body?: object) {
  const response = await fetch(tenon.localNotion.url + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text === "" ? undefined : JSON.parse(text);
}

/** Subscribes as a developer does it: with Notion's settings, and with Tenon's API. */
async function subscribe(): Promise<{ id: string; token: string }> {
  const { url } = await webhook();
  const { id } = await local("POST", "/_local/webhooks", { url });
  const { handshakes } = await webhook();
  const { token } = handshakes[0];
  await tenon.manage("POST", `${webhookPath}/activate`, { token });
  await local("POST", `/_local/webhooks/${id}/verify`, { verification_token: token });
  return { id, token };
}

function pageEvent(change = {}) {
  return {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    workspace_id: connection.providerData["workspaceId"],
    workspace_name: "Acme",
    subscription_id: randomUUID(),
    integration_id: randomUUID(),
    authors: [{ id: randomUUID(), type: "person" }],
    accessible_by: [{ id: connection.providerData["botId"], type: "bot" }],
    attempt_number: 1,
    api_version: "2026-03-11",
    entity: { id: randomUUID(), type: "page" },
    type: "page.content_updated",
    data: { parent: { id: randomUUID(), type: "page" }, updated_blocks: [] },
    ...change,
  };
}

async function post(body: string, headers: Record<string, string>, id = tenon.integrationId) {
  const answer = await tenon.call(`/webhooks/${id}`, { method: "POST", body, headers });
  return [answer.status, answer.body.code] as const;
}

async function signed(body: string, token: string) {
  const signature = await signWebhookPayload({ body, verificationToken: token });
  return { "x-notion-signature": signature };
}

const accepted = [200, undefined];

describe("a subscription", () => {
  it("is made at Notion, activated here, and brings the workspace's events", async () => {
    expect(await webhook()).toEqual({
      url: `${tenon.url}/webhooks/${tenon.integrationId}`,
      status: "inactive",
      forApp: false,
      activatedAt: null,
      lastEventAt: null,
      lastRefusedAt: null,
      lastRefusal: null,
      refusedCount: 0,
      handshakes: [],
    });
    await subscribe();
    expect(await webhook()).toMatchObject({ status: "active", handshakes: [] });

    const { results } = (
      await tenon.call(`/projects/${tenon.projectId}/sdk/proxy/notion/v1/search`, {
        token: await tenon.signToken("ada"),
        method: "POST",
        body: { filter: { property: "object", value: "page" } },
      })
    ).body.output;
    const [page] = results;
    await tenon.call(`/projects/${tenon.projectId}/sdk/proxy/notion/v1/pages/${page.id}`, {
      token: await tenon.signToken("ada"),
      method: "PATCH",
      body: { in_trash: true },
    });
    await local("POST", "/_local/webhook-deliveries/flush");

    const find = async () => {
      const { events } = await tenon.manage("GET", `${base}/webhook-events?outcome=no_listener`);
      return events.find(({ type }: { type: string }) => type === "page.deleted");
    };
    await expect.poll(find).toBeDefined();
    const event = await find();
    expect(event).toMatchObject({
      integration: "notion",
      integrationId: tenon.integrationId,
      type: "page.deleted",
      account: connection.providerData["workspaceId"],
      outcome: "no_listener",
      receipts: 1,
    });
    for (const id of [event.id, event.providerEventId]) {
      const found = await tenon.manage("GET", `${base}/webhook-events/${id}`);
      expect(found).toMatchObject({
        id: event.id,
        body: { type: "page.deleted", entity: { id: page.id } },
        routes: [],
      });
    }
    expect((await webhook()).lastEventAt).not.toBeNull();
    const [delivery] = await local("GET", "/_local/webhook-deliveries");
    expect(delivery).toMatchObject({ state: "delivered" });
  });

  it("is read with Notion's own events, whatever their content type", async () => {
    const { token } = await subscribe();
    const body = JSON.stringify(pageEvent());
    const headers = await signed(body, token);
    expect(await post(body, headers)).toEqual(accepted);
    for (const type of ["text/plain", "application/octet-stream", "application/json; charset=x"]) {
      expect(await post(body, { ...headers, "content-type": type })).toEqual(accepted);
    }
    const { id } = JSON.parse(body);
    expect(await tenon.manage("GET", `${base}/webhook-events/${id}`)).toMatchObject({
      receipts: 4,
    });
    expect(await tenon.call("/metrics", {})).toMatchObject({
      text: expect.stringMatching(/^tenon_webhook_events_total\{outcome="repeated"\} 3$/m),
    });
  });

  it("is over when it is deactivated", async () => {
    const { token } = await subscribe();
    const body = JSON.stringify(pageEvent());
    await tenon.manage("DELETE", webhookPath);
    expect(await webhook()).toMatchObject({ status: "inactive", activatedAt: null });
    expect(await post(body, await signed(body, token))).toEqual([409, "webhook_not_active"]);
  });
});

describe("an attacker", () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await subscribe());
  });

  it("gets no event in", async () => {
    const event = pageEvent();
    const body = JSON.stringify(event);
    const good = await signed(body, token);
    const signature = good["x-notion-signature"];
    const invalid = [400, "webhook_signature_invalid"];
    expect(await post(body, {})).toEqual(invalid);
    expect(await post(body, { "x-notion-signature": "" })).toEqual(invalid);
    expect(await post(body, { "x-notion-signature": signature.slice(0, -2) })).toEqual(invalid);
    expect(await post(body, { "x-notion-signature": signature.toUpperCase() })).toEqual(invalid);
    expect(await post(body.replace("page.content", "page.contenT"), good)).toEqual(invalid);
    expect(await post(body.slice(0, -1), good)).toEqual([400, "invalid_request"]);
    expect(await post(`${body} `, good)).toEqual(invalid);
    expect(await post(body, await signed(body, "guessed"))).toEqual(invalid);
    expect(await post("{}", {})).toEqual(invalid);
    expect(await post("[]", {})).toEqual([400, "invalid_request"]);
    const missing = await tenon.call(`${base}/webhook-events/${event.id}`, {
      token: tenon.instanceKey,
    });
    expect([missing.status, missing.body.code]).toEqual([404, "webhook_event_not_found"]);
  });

  it("gets no event in by another integration's address", async () => {
    const neighbour = await tenon.createProject("Neighbour");
    const body = JSON.stringify(pageEvent());
    const headers = await signed(body, token);
    expect(await post(body, headers, neighbour.integrationId)).toEqual([409, "webhook_not_active"]);
    expect(await post(body, headers, randomUUID())).toEqual([404, "not_found"]);
    expect(await post(body, headers, "notion")).toEqual([404, "not_found"]);
    expect(await post(body, headers, tenon.projectId)).toEqual([404, "not_found"]);
  });

  it("gets nothing large in, signed or not", async () => {
    const body = JSON.stringify(pageEvent({ data: "x".repeat(1_048_576) }));
    expect(await post(body, await signed(body, token))).toEqual([413, "payload_too_large"]);
    const nested = `{"id":${"[".repeat(300)}${"]".repeat(300)}}`;
    expect(await post(nested, await signed(nested, token))).toEqual([400, "invalid_request"]);
  });

  it("does not weaken the webhook by a handshake of their own", async () => {
    const forged = `secret_${randomUUID()}`;
    const handshake = JSON.stringify({ verification_token: forged });
    expect(await post(handshake, await signed(handshake, forged))).toEqual(accepted);
    const body = JSON.stringify(pageEvent());
    expect(await post(body, await signed(body, forged))).toEqual([
      400,
      "webhook_signature_invalid",
    ]);
    expect(await post(body, await signed(body, token))).toEqual(accepted);
    // Nor for a project that only knows it: a token counts where it was sent to.
    const stranger = await tenon.createProject("Stranger");
    const strangersPath = `/api/projects/${stranger.projectId}/integrations/notion/webhook`;
    const answer = await tenon.call(`${strangersPath}/activate`, {
      method: "POST",
      token: tenon.instanceKey,
      body: { token: forged },
    });
    expect([answer.status, answer.body.code]).toEqual([404, "webhook_handshake_not_found"]);
  });

  it("with a project's key does not activate a webhook for the whole app", async () => {
    const key = createApiKeyText();
    await storeApiKey(tenon.tenon.services.apiKeys, key, {
      projectId: tenon.projectId,
      title: "Own",
    });
    await post(JSON.stringify({ verification_token: "secret_whole" }), {});
    const activate = (apiKey: string) =>
      tenon.call(`${webhookPath}/activate`, {
        method: "POST",
        token: apiKey,
        body: { token: "secret_whole", forApp: true },
      });
    const refused = await activate(key);
    expect([refused.status, refused.body.code]).toEqual([401, "api_key_invalid"]);
    expect(refused.body.message).toContain("tenon api-key --instance");
    expect((await activate(tenon.instanceKey)).body).toMatchObject({ forApp: true });
    // With an app of its own there is nothing to say.
    await tenon.manage("PUT", `${base}/integrations/notion`, { clientId: "x", clientSecret: "y" });
    const pointless = await activate(tenon.instanceKey);
    expect([pointless.status, pointless.body.code]).toEqual([409, "conflict"]);
    await tenon.manage("PUT", `${base}/integrations/notion`, { clientId: null });
  });
});

it("a connection that nobody listens on is shown with nulls and zeros", async () => {
  const path = `${base}/connections/${connection.id}/watch`;
  expect(await tenon.manage("GET", path)).toMatchObject({
    since: null,
    lastWebhookAt: null,
    receivedCount: 0,
    pendingEvents: 0,
    listeners: [],
  });
});

it("every endpoint of webhooks is described", async () => {
  const { body } = await tenon.call("/openapi.json", {});
  for (const { path, method } of contract.webhooks.webhookEndpoints) {
    expect(body.paths[path]).toHaveProperty(method.toLowerCase());
  }
});
