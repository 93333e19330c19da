import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { signWebhookPayload, verifyWebhookSignature } from "@notionhq/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

interface Received {
  body: string;
  signature: string;
}

let workspace: TestWorkspace;
let receiver: Server;
let received: Received[];
let answers: number[];
let url: string;
let home: string;

beforeEach(async () => {
  received = [];
  answers = [];
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ body, signature: String(request.headers["x-notion-signature"]) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  workspace = await openWorkspace();
  await workspace.call("PATCH", "/_local/settings", {
    body: { webhooks: { aggregationMs: 60_000, retryBaseMs: 1 } },
  });
  home = (await workspace.client().search({ query: "Roadmap" })).results[0]?.id ?? "";
});
afterEach(async () => {
  await workspace.close();
  receiver.closeAllConnections();
  receiver.close();
});

async function arrived(count: number): Promise<Record<string, any>[]> {
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), 5_000);
  return received.map(({ body }) => JSON.parse(body));
}

/** An app of the token's, subscribed and verified as a person would do it. */
async function subscribe(more: object = {}): Promise<{ id: string; verificationToken: string }> {
  const minted = await workspace.call("POST", "/_local/tokens");
  const made = await workspace.call("POST", "/_local/webhooks", {
    body: { url, appId: minted.body["appId"], ...more },
  });
  const [sent] = await arrived(1);
  await workspace.call("POST", `/_local/webhooks/${made.body["id"]}/verify`, {
    body: { verification_token: sent?.["verification_token"] },
  });
  received.length = 0;
  return made.body as { id: string; verificationToken: string };
}

const flush = () => workspace.call("POST", "/_local/webhook-deliveries/flush");
const rename = (title: string) =>
  workspace.client().pages.update({
    page_id: home,
    properties: { title: { title: [{ text: { content: title } }] } },
  });

describe("a subscription", () => {
  it("waits for its token to be given back, and takes no other", async () => {
    const made = await workspace.call("POST", "/_local/webhooks", { body: { url } });
    expect(made.body["status"]).toBe("pending");
    await arrived(1);
    const wrong = await workspace.call("POST", `/_local/webhooks/${made.body["id"]}/verify`, {
      body: { verification_token: "secret_wrong" },
    });
    expect(wrong.status).toBe(400);
    await rename("Before");
    await flush();
    expect(received).toHaveLength(1);
  });

  it("is signed as Notion's client expects", async () => {
    const { verificationToken } = await subscribe();
    await rename("Signed");
    await flush();
    await arrived(1);
    const [{ body, signature } = { body: "", signature: "" }] = received;
    const check = { body, signature, verificationToken };
    expect(await verifyWebhookSignature(check)).toBe(true);
    expect(await signWebhookPayload({ body, verificationToken })).toBe(signature);
    expect(await verifyWebhookSignature({ ...check, body: `${body} ` })).toBe(false);
  });

  it("gets only the events it asked for", async () => {
    await subscribe({ eventTypes: ["page.deleted"] });
    await rename("Ignored");
    await workspace.client().pages.update({ page_id: home, in_trash: true });
    await flush();
    const events = await arrived(1);
    expect(events.map((event) => event["type"])).toEqual(["page.deleted"]);
  });
});

describe("events", () => {
  it("say what changed, where and by whom", async () => {
    const { id } = await subscribe();
    await rename("Changed");
    await flush();
    const event = (await arrived(2)).find(({ type }) => type === "page.properties_updated");
    expect(event).toMatchObject({
      subscription_id: id,
      workspace_name: "Acme Local",
      attempt_number: 1,
      api_version: "2026-03-11",
      entity: { id: home, type: "page" },
      authors: [{ type: "bot" }],
      data: { parent: { type: "space" }, updated_properties: ["title"] },
    });
    expect(event).not.toHaveProperty("accessible_by");
  });

  it("of one thing in one window are merged", async () => {
    await subscribe({ eventTypes: ["page.content_updated"] });
    const paragraph = { paragraph: { rich_text: [{ text: { content: "x" } }] } };
    for (let index = 0; index < 3; index += 1) {
      await workspace.client().blocks.children.append({ block_id: home, children: [paragraph] });
    }
    await flush();
    const events = await arrived(1);
    expect(events).toHaveLength(1);
    expect(events[0]?.["data"].updated_blocks).toHaveLength(3);
  });

  it("are not sent when all is as it was", async () => {
    await subscribe({ eventTypes: ["page.deleted", "page.undeleted", "comment.created"] });
    await workspace.client().pages.update({ page_id: home, in_trash: true });
    await workspace.client().pages.update({ page_id: home, in_trash: false });
    await flush();
    await workspace.client().comments.create({
      parent: { page_id: home },
      rich_text: [{ text: { content: "marker" } }],
    });
    const events = await arrived(1);
    expect(events.map((event) => event["type"])).toEqual(["comment.created"]);
  });

  it("of data sources are those of databases at 2022-06-28", async () => {
    await subscribe({
      apiVersion: "2022-06-28",
      eventTypes: ["database.schema_updated", "data_source.schema_updated"],
    });
    const { body } = await workspace.call("POST", "/v1/databases", {
      body: { parent: { page_id: home } },
    });
    await flush();
    await workspace.call("PATCH", `/v1/data_sources/${body["data_sources"][0].id}`, {
      body: { properties: { Points: { number: {} } } },
    });
    await flush();
    const [event] = await arrived(1);
    expect(event).toMatchObject({
      type: "database.schema_updated",
      entity: { id: body["id"], type: "database" },
    });
    expect(event?.["data"].updated_properties).toMatchObject([
      { name: "Points", action: "created" },
    ]);
  });
});

describe("deliveries", () => {
  it("are tried again with the same id until they are taken", async () => {
    await subscribe({ eventTypes: ["page.properties_updated"] });
    answers = [500, 503];
    await rename("Again");
    await flush();
    const events = await arrived(3);
    expect(events.map((event) => event["attempt_number"])).toEqual([1, 2, 3]);
    expect(new Set(events.map((event) => event["id"])).size).toBe(1);
  });

  it("are given up after eight attempts, and pause a subscription that only fails", async () => {
    await workspace.call("PATCH", "/_local/settings", {
      body: { webhooks: { pauseAfterFailures: 1 } },
    });
    await subscribe({ eventTypes: ["page.properties_updated"] });
    answers = Array.from({ length: 20 }, () => 500);
    await rename("Failing");
    await flush();
    await vi.waitFor(async () => {
      const { body } = await workspace.call("GET", "/_local/webhooks");
      expect(body[0].status).toBe("paused");
    }, 5_000);
    expect(received).toHaveLength(8);
  });

  it("can be lost and doubled", async () => {
    await subscribe({ eventTypes: ["page.properties_updated"] });
    await workspace.call("PATCH", "/_local/settings", { body: { webhooks: { loss: 1 } } });
    await rename("Lost");
    await flush();
    await workspace.call("PATCH", "/_local/settings", {
      body: { webhooks: { loss: 0, doubling: 1 } },
    });
    await rename("Doubled");
    await flush();
    const events = await arrived(2);
    expect(new Set(events.map((event) => event["id"])).size).toBe(1);
    const { body } = await workspace.call("GET", "/_local/webhook-deliveries");
    expect((body as unknown as { state: string }[]).map(({ state }) => state)).toContain("lost");
  });
});
