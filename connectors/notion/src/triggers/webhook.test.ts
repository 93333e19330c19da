import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHmac } from "node:crypto";
import { readPath } from "@tenon/connector";
import { developmentApp } from "local-notion";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auth } from "../auth.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { webhook } from "./webhook.ts";

interface Received {
  bytes: Buffer;
  headers: Record<string, unknown>;
  body: any;
}

let rig: ActionRig;
let receiver: Server;
const received: Received[] = [];
/** As the token endpoint answered when the account was connected. */
let account: Record<string, unknown>;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  // Events are sent when we say so.
  await rig.changeSettings({ webhooks: { aggregationMs: 3_600_000 } });
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      received.push({ bytes, headers: request.headers, body: JSON.parse(String(bytes)) });
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  account = await connect();
  await subscribe("2026-03-11");
  await subscribe("2022-06-28");
  await makeEverythingHappen();
  await vi.waitFor(() => expect(new Set(typesSent()).size).toBe(31), waiting);
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await rig.close();
});

const waiting = { timeout: 5_000, interval: 20 };
const typesSent = () => events().map(({ type }) => type);
const events = () => received.map(({ body }) => body).filter(({ type }) => type !== undefined);

async function control(method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(`${rig.url}/_local/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** What a person does on the consent page, and what Tenon does with the code. */
async function connect(): Promise<Record<string, unknown>> {
  const { clientId, clientSecret } = developmentApp;
  const redirect_uri = "http://localhost:3999/callback";
  const consent = { client_id: clientId, redirect_uri, response_type: "code", owner: "user" };
  const consented = await fetch(`${rig.url}/v1/oauth/authorize`, {
    method: "POST",
    body: new URLSearchParams({ ...consent, state: "1", decision: "allow" }),
    redirect: "manual",
  });
  const code = new URL(consented.headers.get("location") ?? "").searchParams.get("code");
  const exchanged = await fetch(`${rig.url}/v1/oauth/token`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
    },
    body: JSON.stringify({ grant_type: "authorization_code", code, redirect_uri }),
  });
  return (await exchanged.json()) as Record<string, unknown>;
}

async function subscribe(apiVersion: string): Promise<void> {
  const { port } = receiver.address() as AddressInfo;
  const { id } = await control("POST", "webhooks", {
    url: `http://127.0.0.1:${port}/`,
    apiVersion,
  });
  await control("POST", `webhooks/${id}/verify`, {
    verification_token: readPath(received.at(-1)?.body, webhook.handshake.token),
  });
}

type Method = "POST" | "PATCH" | "DELETE";

/** As one of the account's connection. */
async function send(method: Method, path: string, body: object = {}): Promise<any> {
  const client = rig.clientOf(String(account["access_token"]));
  return client.request(method, `/v1/${path}`, { body });
}
const flush = () => control("POST", "webhook-deliveries/flush");
const words = (content: string) => [{ text: { content } }];

let home: string;
/** The page and the comment that everything happens to. */
const about = { page: "", comment: "" };

/** Every one of the 31 things of which Notion can tell. */
async function makeEverythingHappen(): Promise<void> {
  const { results } = await send("POST", "search", { query: "Handbook" });
  home = results[0].id;
  await pagesChange();
  await databasesChange();
  await commentsChange();
  await filesChange();
}

async function pagesChange(): Promise<void> {
  const parent = { page_id: home };
  const other = await send("POST", "pages", { parent });
  const { id } = await send("POST", "pages", { parent });
  about.page = id;
  await flush();
  const title = { title: { title: words("Renamed") } };
  await send("PATCH", `pages/${id}`, { properties: title });
  await send("PATCH", `pages/${id}`, { is_locked: true });
  await send("PATCH", `pages/${id}`, { is_locked: false });
  await send("POST", `pages/${id}/move`, { parent: { page_id: other.id } });
  await flush();
  for (const in_trash of [true, false]) {
    await send("PATCH", `pages/${id}`, { in_trash });
    await flush();
  }
  await control("POST", "meeting-notes", { pageId: id, title: "Talk", transcript: ["Hello"] });
  const children: any = await rig.client.request("GET", `/v1/blocks/${id}/children`);
  const notes = children.results.at(-1);
  await send("DELETE", `blocks/${notes.meeting_notes.children.transcript_block_id}`);
  await flush();
}

async function databasesChange(): Promise<void> {
  const { id, data_sources } = await send("POST", "databases", { parent: { page_id: home } });
  const [source] = data_sources;
  const other = await send("POST", "databases", { parent: { page_id: home } });
  await flush();
  await send("PATCH", `databases/${id}`, { title: words("Renamed") });
  await send("PATCH", `databases/${id}`, { parent: { page_id: about.page } });
  await send("PATCH", `data_sources/${source.id}`, {
    title: words("Renamed"),
    properties: { Points: { number: {} } },
  });
  await flush();
  await send("PATCH", `data_sources/${source.id}`, {
    parent: { type: "database_id", database_id: other.id },
  });
  for (const in_trash of [true, false]) {
    await send("PATCH", `data_sources/${source.id}`, { in_trash });
    await send("PATCH", `databases/${id}`, { in_trash });
    await flush();
  }
  const view = { database_id: other.id, data_source_id: source.id, name: "All", type: "table" };
  const made = await send("POST", "views", view);
  await flush();
  await send("PATCH", `views/${made.id}`, { name: "Everything" });
  await flush();
  await send("DELETE", `views/${made.id}`);
  await flush();
}

async function commentsChange(): Promise<void> {
  const { id } = await send("POST", "comments", {
    parent: { page_id: about.page },
    rich_text: words("Good."),
  });
  about.comment = id;
  await send("PATCH", `comments/${id}`, { rich_text: words("Better.") });
  await send("DELETE", `comments/${id}`);
}

async function filesChange(): Promise<void> {
  const { id } = await send("POST", "file_uploads", { filename: "a.txt" });
  const form = new FormData();
  form.append("file", new Blob(["hi"], { type: "text/plain" }), "a.txt");
  const client = rig.clientOf(String(account["access_token"]));
  await client.request("POST", `/v1/file_uploads/${id}/send`, { form });
  await send("POST", "file_uploads", {
    mode: "external_url",
    external_url: "http://127.0.0.1:1/a.txt",
    filename: "a.txt",
  });
  await vi.waitFor(() => eventOf("file_upload.upload_failed"), waiting);
  await send("POST", "file_uploads", { filename: "b.txt" });
  await rig.changeSettings({ clockOffsetMs: 2 * 3_600_000 });
}

/** The first event of a type. */
function eventOf(type: string): any {
  const found = events().find((event) => event.type === type);
  if (!found) throw new Error(`No ${type} was sent.`);
  return found;
}

describe("of Notion's events", () => {
  it.each([
    ["page.created", "created"],
    ["page.content_updated", "content"],
    ["page.properties_updated", "properties"],
    ["page.moved", "moved"],
    ["page.deleted", "deleted"],
    ["page.undeleted", "restored"],
    ["page.locked", "locked"],
    ["page.unlocked", "locked"],
  ])("%s says of its page: %s", (type, change) => {
    const event = eventOf(type);
    expect(webhook.read(event)).toMatchObject({
      object: "page",
      id: event.entity.id,
      changes: [change],
    });
    expect(events().filter((one) => one.type === type && one.entity.id === about.page)).not.toEqual(
      [],
    );
  });

  it("that about properties says which, by their ids", () => {
    expect(webhook.read(eventOf("page.properties_updated"))?.details).toEqual({
      properties: [{ id: "title" }],
    });
  });

  it("that about a new comment says so, and not of which page", () => {
    expect(webhook.read(eventOf("comment.created"))).toEqual({
      object: "comment",
      id: about.comment,
      changes: ["created"],
    });
  });

  it("all others are sent and say nothing that a trigger needs", () => {
    const types = new Set<string>(typesSent());
    expect(types.size).toBe(31);
    const needed = [...types].filter((type) => webhook.read(eventOf(type)) !== undefined);
    expect(needed).toHaveLength(9);
  });

  it.each([
    undefined,
    null,
    "page.created",
    [],
    {},
    { type: "page.created" },
    { type: "page.created", entity: null },
    { type: "page.created", entity: { id: 7 } },
    { type: 7, entity: { id: "a" } },
    { type: "page.renamed", entity: { id: "a" } },
    { type: "constructor", entity: { id: "a" } },
    { type: "__proto__", entity: { id: "a" } },
    { verification_token: "secret_a" },
  ])("%j, which is none of them, is not thrown at", (body) => {
    expect(webhook.read(body)).toBeUndefined();
  });

  it("one whose data is of another form is read without it", () => {
    const event = { type: "page.properties_updated", entity: { id: "a" } };
    const read = { object: "page", id: "a", changes: ["properties"] };
    for (const data of [undefined, null, "x", { updated_properties: "title" }]) {
      expect(webhook.read({ ...event, data })).toEqual(read);
    }
  });
});

describe("what is said of Notion's requests", () => {
  it("signs every one of them", () => {
    const { header, prefix, algorithm, encoding } = webhook.signature;
    const tokens = received.flatMap(({ body }) => body[webhook.handshake.token] ?? []);
    expect(tokens).toHaveLength(2);
    for (const { bytes, headers } of received) {
      const signed = tokens.map(
        (token) => prefix + createHmac(algorithm, token).update(bytes).digest(encoding),
      );
      expect(signed).toContain(headers[header]);
    }
  });

  it("is where each event has its id, type, time, attempt and authors", () => {
    const botId = readPath(account, auth.providerData["botId"] ?? "");
    for (const event of events()) {
      const at = (path: string) => readPath(event, path);
      expect(at(webhook.event.id)).toMatch(/^[0-9a-f-]{36}$/);
      expect(at(webhook.event.type)).toMatch(/^\w+\.[\w.]+$/);
      expect(Date.parse(String(at(webhook.event.time)))).not.toBeNaN();
      expect(at(webhook.event.attempt)).toBe(1);
      expect(at(webhook.event.authors)).toEqual([
        { id: expect.any(String), type: expect.stringMatching(/^(?:bot|person)$/) },
      ]);
    }
    expect(readPath(eventOf("comment.created"), webhook.event.authors)).toEqual([
      { id: botId, type: "bot" },
    ]);
  });

  it("leads to the connections of the account that may see it", () => {
    const { account: of, audience } = webhook.route;
    const known = (name: string) => readPath(account, auth.providerData[name] ?? "");
    for (const event of events()) {
      expect(readPath(event, of.path)).toBe(known(of.providerData));
      const seers = readPath(event, audience.path) as { id: string }[];
      for (const name of audience.providerData) {
        expect(seers.map(({ id }) => id)).toContain(known(name));
      }
    }
  });
});
