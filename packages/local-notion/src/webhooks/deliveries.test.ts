import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

type Json = Record<string, any>;

let workspace: TestWorkspace;
let receiver: Server;
let events: Json[];
let answer: (response: ServerResponse) => void;
let url: string;
let token: string;
let pageId: string;

beforeEach(async () => {
  events = [];
  answer = (response) => response.end();
  receiver = createServer((request, response) => {
    if (request.method === "GET") return answer(response);
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      events.push(JSON.parse(body));
      answer(response);
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  workspace = await openWorkspace();
  await settings({ webhooks: { aggregationMs: 60_000, retryBaseMs: 1 } });
  pageId = (await workspace.client().search({ query: "Roadmap" })).results[0]?.id ?? "";
});
afterEach(async () => {
  await workspace.close();
  receiver.closeAllConnections();
  receiver.close();
});

const settings = (body: Json) => workspace.call("PATCH", "/_local/settings", { body });
const deliveries = async (): Promise<Json[]> =>
  (await workspace.call("GET", "/_local/webhook-deliveries")).body as unknown as Json[];
const client = () => workspace.client("2026-03-11", token);

async function subscribe(more: Json = {}): Promise<Json> {
  const minted = await workspace.call("POST", "/_local/tokens");
  token = minted.body["token"];
  const { body } = await workspace.call("POST", "/_local/webhooks", {
    body: { url, appId: minted.body["appId"], ...more },
  });
  await workspace.call("POST", `/_local/webhooks/${body["id"]}/verify`, {
    body: { verification_token: body["verificationToken"] },
  });
  events.length = 0;
  return body;
}

const lock = (is_locked = true) => client().pages.update({ page_id: pageId, is_locked });
const arrived = (type: string) =>
  vi.waitFor(() => {
    const found = events.find((event) => event["type"] === type);
    if (!found) throw new Error(`${type} has not come yet.`);
    return found;
  }, 10_000);

async function settled(state: string): Promise<Json> {
  return vi.waitFor(async () => {
    const found = (await deliveries()).findLast((one) => one["state"] === state);
    if (!found) throw new Error(`No delivery is ${state} yet.`);
    return found;
  }, 10_000);
}

describe("a delivery keeps", () => {
  it("the status, telling headers, body and time of each answer", async () => {
    await subscribe();
    let count = 0;
    answer = (response) => {
      count += 1;
      response.writeHead(count === 1 ? 503 : 200, {
        "content-type": "text/plain",
        "retry-after": "7",
        "set-cookie": "secret=1",
      });
      response.end(count === 1 ? "try later" : "thanks");
    };
    await lock();
    const { attempts } = await settled("delivered");
    expect(attempts).toMatchObject([
      { status: 503, body: "try later", isBodyCut: false, error: null, cause: null },
      { status: 200, body: "thanks" },
    ]);
    expect(attempts[0].headers).toMatchObject({ "content-type": "text/plain", "retry-after": "7" });
    expect(attempts[0].headers).not.toHaveProperty("set-cookie");
    expect(attempts[0].durationMs).toBeGreaterThan(0);
  });

  it("no more than the beginning of a long body, cut between two characters", async () => {
    await subscribe();
    answer = (response) => response.end(`a${"ü".repeat(5_000)}`);
    await lock();
    const [attempt] = (await settled("delivered"))["attempts"];
    expect(attempt).toMatchObject({ isBodyCut: true, body: `a${"ü".repeat(2_047)}` });
  });

  it("why nobody answered", async () => {
    await subscribe();
    receiver.closeAllConnections();
    receiver.close();
    await lock();
    const [attempt] = (await settled("failed"))["attempts"];
    expect(attempt).toMatchObject({ status: null, error: "fetch failed" });
    expect(attempt.cause).toContain("ECONNREFUSED");
  });

  it("waits for its next attempt by the workspace's clock", async () => {
    await settings({ webhooks: { retryBaseMs: 3_600_000 } });
    await subscribe();
    answer = (response) => response.writeHead(events.length > 1 ? 200 : 500).end();
    await lock();
    await vi.waitFor(async () => expect((await deliveries())[0]?.["attempts"]).toHaveLength(1));
    await settings({ clockOffsetMs: 3_600_000 });
    await settled("delivered");
    expect(events.map((event) => event["attempt_number"])).toEqual([1, 2]);
  });
});

describe("a subscription", () => {
  it("tells whether its token came to its address, when made and when sent again", async () => {
    answer = (response) => response.writeHead(404).end("no such route");
    const { body } = await workspace.call("POST", "/_local/webhooks", { body: { url } });
    expect(body["tokenDelivery"]).toMatchObject({ status: 404, body: "no such route" });
    answer = (response) => response.end();
    const again = await workspace.call("POST", `/_local/webhooks/${body["id"]}/resend`);
    expect(again.body["tokenDelivery"]).toMatchObject({ status: 200 });
    expect(events.map((event) => event["verification_token"])).toEqual([
      body["verificationToken"],
      body["verificationToken"],
    ]);
    receiver.closeAllConnections();
    receiver.close();
    const failed = await workspace.call("POST", `/_local/webhooks/${body["id"]}/resend`);
    expect(failed.body["tokenDelivery"]).toMatchObject({ status: null });
    expect(failed.body["tokenDelivery"].cause).toContain("ECONNREFUSED");
  });

  it("says why it is paused until it is resumed", async () => {
    await settings({ webhooks: { pauseAfterFailures: 1 } });
    const { id } = await subscribe();
    const path = `/_local/webhooks/${id}`;
    answer = (response) => response.writeHead(500).end("broken");
    await lock();
    await settled("failed");
    const [paused] = (await workspace.call("GET", "/_local/webhooks")).body as Json[] & Json;
    expect(paused).toMatchObject({
      status: "paused",
      pause: { reason: "failures", failures: 1, lastAnswer: { status: 500, body: "broken" } },
    });
    const active = await workspace.call("PATCH", path, { body: { status: "active" } });
    expect(active.body).not.toHaveProperty("pause");
    const asked = await workspace.call("PATCH", path, { body: { status: "paused" } });
    expect(asked.body["pause"]).toMatchObject({ reason: "request", lastAnswer: null });
  });

  it("and its deliveries are told of in the stream of events", async () => {
    const abort = new AbortController();
    const stream = await fetch(`${workspace.url}/_local/events`, { signal: abort.signal });
    let told = "";
    const reading = (async () => {
      const text = stream.body?.pipeThrough(new TextDecoderStream());
      for await (const chunk of text ?? []) told += chunk;
    })().catch(() => undefined);
    const { id } = await subscribe();
    await lock();
    const { event } = await settled("delivered");
    await vi.waitFor(() => {
      expect(told).toContain(JSON.stringify({ type: "subscriptions", ids: [id] }));
      expect(told.split(JSON.stringify({ type: "deliveries", ids: [event.id] }))).toHaveLength(3);
    });
    abort.abort();
    await reading;
  });
});

describe("uploads", () => {
  it("that nobody attached are told of as expired, when the clock has come so far", async () => {
    await subscribe();
    const kept = await client().fileUploads.create({ filename: "kept.txt" });
    const sent = await client().fileUploads.send({
      file_upload_id: kept.id,
      file: { filename: "kept.txt", data: new Blob(["x"], { type: "text/plain" }) },
    });
    await client().blocks.children.append({
      block_id: pageId,
      children: [{ file: { type: "file_upload", file_upload: { id: sent.id } } }],
    });
    const { id } = await client().fileUploads.create({ filename: "late.txt" });
    await settings({ clockOffsetMs: 3_601_000 });
    const event = await arrived("file_upload.expired");
    expect(event["entity"]).toEqual({ id, type: "file_upload" });
    expect(event).not.toHaveProperty("data");
    const expired = await client().fileUploads.list({ status: "expired" });
    expect(expired.results.map((one) => one.id)).toEqual([id]);
    await settings({ clockOffsetMs: 0 });
    await lock();
    await arrived("page.locked");
    expect(events.filter(({ type }) => type === "file_upload.expired")).toHaveLength(1);
  });

  it("are fetched from an external address and can be attached", async () => {
    await subscribe();
    answer = (response) => {
      response.writeHead(200, { "content-type": "image/png; charset=binary" }).end("picture");
    };
    const { id } = await client().fileUploads.create({
      mode: "external_url",
      filename: "a.png",
      external_url: `${url}a.png`,
    });
    const event = await arrived("file_upload.completed");
    expect(event["entity"].id).toBe(id);
    const upload = await client().fileUploads.retrieve({ file_upload_id: id });
    expect(upload).toMatchObject({
      status: "uploaded",
      content_length: 7,
      content_type: "image/png",
      file_import_result: { type: "success", success: {} },
    });
    const appended = await client().blocks.children.append({
      block_id: pageId,
      children: [{ image: { type: "file_upload", file_upload: { id } } }],
    });
    const [block] = appended.results as unknown as Json[];
    const file = await fetch(block?.["image"].file.url);
    expect(await file.text()).toBe("picture");
  });

  it.each([
    ["404", { type: "download_error", status_code: 404 }],
    ["ftp://example.com/a.png", { type: "validation_error", parameter: "external_url" }],
  ])("that cannot be fetched fail, and are told of: %s", async (target, error) => {
    await subscribe();
    answer = (response) => response.writeHead(404).end();
    const { id } = await client().fileUploads.create({
      mode: "external_url",
      filename: "a.png",
      external_url: target === "404" ? `${url}missing.png` : target,
    });
    const event = await arrived("file_upload.upload_failed");
    expect(event["data"].file_import_result).toMatchObject({ type: "error", error });
    const upload = await client().fileUploads.retrieve({ file_upload_id: id });
    expect(upload).toMatchObject({
      status: "failed",
      file_import_result: event["data"].file_import_result,
    });
  });
});

describe("meeting notes", () => {
  it("tell of a transcript that is deleted", async () => {
    await subscribe({ eventTypes: ["page.transcription_block.transcript_deleted"] });
    const { body } = await workspace.call("POST", "/_local/meeting-notes", {
      body: { pageId, title: "Weekly", summary: ["All is well."], transcript: ["Hello.", "Bye."] },
    });
    const notes = (await client().blocks.retrieve({ block_id: body["id"] })) as Json;
    expect(notes["meeting_notes"]).toMatchObject({
      title: [{ plain_text: "Weekly" }],
      status: "notes_ready",
      children: body["children"],
    });
    const old = workspace.client("2025-09-03", token);
    expect(await old.blocks.retrieve({ block_id: body["id"] })).toHaveProperty("transcription");
    const transcript = body["children"].transcript_block_id;
    const lines = await client().blocks.children.list({ block_id: transcript });
    expect(lines.results).toHaveLength(2);
    await client().blocks.delete({ block_id: transcript });
    await workspace.call("POST", "/_local/webhook-deliveries/flush");
    const event = await arrived("page.transcription_block.transcript_deleted");
    expect(event["entity"]).toEqual({ id: pageId, type: "page" });
    expect(event["data"]).toEqual({
      target: { id: body["id"], type: "block" },
      transcript_id: transcript,
    });
    const after = (await client().blocks.retrieve({ block_id: body["id"] })) as Json;
    expect(after["meeting_notes"].children).not.toHaveProperty("transcript_block_id");
  });
});
