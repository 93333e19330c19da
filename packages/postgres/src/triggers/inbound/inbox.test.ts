import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { deleteOldWebhooks } from "./inbound-retention.ts";
import {
  createInboxRig,
  developmentKeys,
  type InboxRig,
  pageEvent,
  sign,
  type TestEndpoint,
} from "./testing/inbox-rig.ts";

let database: TestDatabase;
let rig: InboxRig;
let other: InboxRig;
let endpoint: TestEndpoint;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createInboxRig(database);
  other = await createInboxRig(database, rig.keyRing);
});
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await other?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  endpoint = await rig.addEndpoint();
  token = await activate(endpoint);
  rig.routed.length = 0;
  rig.outcomes.length = 0;
});

/** Begins a subscription and activates its token. */
async function activate(at: TestEndpoint, forApp = false): Promise<string> {
  const fresh = `secret_${randomUUID()}`;
  await rig.send(at.integrationId, { verification_token: fresh });
  await rig.settings.activate(at, { token: fresh, forApp });
  return fresh;
}

const send = (body: string | object, key: string | undefined = token) =>
  rig.send(endpoint.integrationId, body, key);

async function routesOf(providerEventId: string) {
  return database.kysely
    .selectFrom("event_routes as route")
    .innerJoin("webhook_events as event", "event.id", "route.event_id")
    .selectAll("route")
    .where("event.provider_event_id", "=", providerEventId)
    .execute();
}

async function eventOf(providerEventId: string) {
  return database.kysely
    .selectFrom("webhook_events")
    .selectAll()
    .where("provider_event_id", "=", providerEventId)
    .executeTakeFirst();
}

async function watchOf(connectionId: string) {
  return database.kysely
    .selectFrom("watches")
    .selectAll()
    .where("connection_id", "=", connectionId)
    .executeTakeFirstOrThrow();
}

describe("an event", () => {
  it("is kept as it came, with a route to each connection that somebody listens on", async () => {
    const workspaceId = randomUUID();
    const [heard, unheard] = [
      await rig.connect(endpoint, { workspaceId }),
      await rig.connect(endpoint, { workspaceId }),
    ];
    await rig.listen(endpoint, heard);
    const event = pageEvent({ workspaceId });
    const body = `  ${JSON.stringify(event, undefined, 2)}\n`;

    expect(await send(body)).toBe("routed");

    expect((await eventOf(event.id))?.body.toString()).toBe(body);
    expect(await routesOf(event.id)).toEqual([
      expect.objectContaining({
        connection_id: heard.id,
        project_id: endpoint.projectId,
        object_kind: "page",
        object_id: event.entity.id,
        changes: ["content"],
        authors: ["an-author"],
        occurred_at: new Date(event.timestamp),
        outcome: null,
      }),
    ]);
    expect(rig.routed).toEqual([heard.id]);
    expect(await watchOf(heard.id)).toMatchObject({
      received_count: "1",
      last_webhook_at: expect.any(Date),
    });
    expect(unheard.id).not.toBe(heard.id);
  });

  it("says what became of it where there is nobody to tell", async () => {
    const connection = await rig.connect(endpoint);
    const about = (change: object) => send(pageEvent(connection, change));
    expect(await about({})).toBe("no_listener");
    expect(await about({ workspace_id: randomUUID() })).toBe("no_connection");
    expect(await about({ type: "view.updated" })).toBe("unwatched");
    expect(await about({ type: "something.new", entity: undefined })).toBe("unwatched");
    expect(await about({ workspace_id: undefined })).toBe("no_connection");
    expect(rig.routed).toEqual([]);
  });

  it("concerns only those who may see its object, where it tells who may", async () => {
    const workspaceId = randomUUID();
    const sees = await rig.connect(endpoint, { workspaceId });
    const blind = await rig.connect(endpoint, { workspaceId });
    for (const one of [sees, blind]) await rig.listen(endpoint, one);
    await send(pageEvent(sees));
    expect(rig.routed).toEqual([sees.id]);
    expect(await send(pageEvent({ workspaceId, botId: randomUUID() }))).toBe("no_connection");
    await send(pageEvent({ workspaceId }));
    expect(rig.routed.slice(1).sort()).toEqual([sees.id, blind.id].sort());
  });

  it("goes to a paused listener only if that catches up", async () => {
    const [skips, catches] = [await rig.connect(endpoint), await rig.connect(endpoint)];
    await rig.listen(endpoint, skips, { pausedAt: new Date() });
    await rig.listen(endpoint, catches, { pausedAt: new Date(), catchesUp: true });
    expect(await send(pageEvent(skips))).toBe("no_listener");
    expect(await send(pageEvent(catches))).toBe("routed");
  });

  it("is for connections that were made with the same app only", async () => {
    const connection = await rig.connect(endpoint, { clientId: "another-app" });
    await rig.listen(endpoint, connection);
    expect(await send(pageEvent(connection))).toBe("no_connection");
  });

  it("that comes again changes nothing but its receipts", async () => {
    const connection = await rig.connect(endpoint);
    await rig.listen(endpoint, connection);
    const event = pageEvent(connection);
    expect(await send(event)).toBe("routed");
    const late = await rig.connect(endpoint, connection);
    await rig.listen(endpoint, late);
    expect(await send({ ...event, attempt_number: 2 })).toBe("repeated");
    expect(await routesOf(event.id)).toHaveLength(1);
    expect(await eventOf(event.id)).toMatchObject({ receipts: 2, outcome: "routed" });
    expect(rig.routed).toEqual([connection.id]);
    expect(await watchOf(connection.id)).toMatchObject({ received_count: "1" });
  });

  it("that comes many times at once, to two processes, is one event with one route", async () => {
    const connection = await rig.connect(endpoint);
    await rig.listen(endpoint, connection);
    const events = Array.from({ length: 20 }, () => pageEvent(connection));
    const sent = events.flatMap((event) =>
      [rig, other, rig, other].map((one) => one.send(endpoint.integrationId, event, token)),
    );
    const outcomes = await Promise.all(sent);
    expect(outcomes.filter((outcome) => outcome === "routed")).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === "repeated")).toHaveLength(60);
    for (const { id } of events) {
      expect(await routesOf(id)).toHaveLength(1);
      expect(await eventOf(id)).toMatchObject({ receipts: 4 });
    }
    expect(await watchOf(connection.id)).toMatchObject({ received_count: "20" });
  });

  it("may have the id of an event of another integration", async () => {
    const elsewhere = await rig.addEndpoint();
    const itsToken = await activate(elsewhere);
    const event = pageEvent({ workspaceId: randomUUID() });
    expect(await send(event)).toBe("no_connection");
    expect(await rig.send(elsewhere.integrationId, event, itsToken)).toBe("no_connection");
  });

  it("is refused with what is wrong where it is not as described", async () => {
    const event = pageEvent({ workspaceId: randomUUID() });
    const refusals: [change: object, said: string][] = [
      [{ timestamp: "yesterday" }, "timestamp: "],
      [{ type: undefined }, "type: "],
      [{ id: 7 }, "id: "],
      [{ id: "\0" }, "id: has a NUL character"],
      [{ authors: "me" }, "authors: "],
      [{ accessible_by: [{ id: {} }] }, "accessible_by.0.id: "],
    ];
    for (const [change, said] of refusals) {
      await expect(send({ ...event, ...change })).rejects.toMatchObject({
        code: "invalid_request",
        message: expect.stringContaining(said),
      });
    }
    expect(await eventOf(event.id)).toBeUndefined();
  });

  it("is refused when its integration is gone", async () => {
    await database.kysely
      .deleteFrom("integrations")
      .where("id", "=", endpoint.integrationId)
      .execute();
    await expect(send(pageEvent({ workspaceId: "w" }))).rejects.toMatchObject({
      code: "not_found",
      status: 404,
    });
  });
});

describe("a request without the right signature", () => {
  const event = pageEvent({ workspaceId: "w" });
  const body = Buffer.from(JSON.stringify(event));

  async function refused(bytes: Buffer, signature: string | undefined) {
    const received = rig.inbox.receive(endpoint.integrationId, {
      body: bytes,
      header: () => signature,
    });
    await expect(received).rejects.toMatchObject({
      code: expect.stringMatching(/^(webhook_signature_invalid|invalid_request)$/),
      status: 400,
    });
  }

  it("is refused, whatever is wrong with it", async () => {
    const good = sign(body, token);
    const digest = good.slice("sha256=".length);
    const altered = Buffer.from(body);
    altered[10] = (altered[10] ?? 0) ^ 1;
    await expect(send(event, "")).rejects.toMatchObject({ code: "webhook_signature_invalid" });
    await refused(body, undefined);
    await refused(body, "");
    await refused(body, digest);
    await refused(body, `sha1=${digest}`);
    await refused(body, good.slice(0, -1));
    await refused(body, `${good}0`);
    await refused(body, good.toUpperCase());
    await refused(body, `sha256=${digest.toUpperCase()}`);
    await refused(body, `sha256=${Buffer.from(digest, "hex").toString("base64")}`);
    await refused(body, `${good}, ${good}`);
    await refused(body, sign(body, `${token} `));
    await refused(body, sign(body, ""));
    await refused(altered, good);
    await refused(body.subarray(0, -1), good);
    await refused(Buffer.concat([body, Buffer.from(" ")]), good);
    await refused(Buffer.alloc(100_000, "x"), good);
    expect(await eventOf(event.id)).toBeUndefined();
  });

  it("is refused with another integration's token, too", async () => {
    const elsewhere = await rig.addEndpoint();
    await refused(body, sign(body, await activate(elsewhere)));
  });

  it("is no event where the webhook is not active", async () => {
    const fresh = await rig.addEndpoint();
    for (const key of [undefined, "", token]) {
      await expect(rig.send(fresh.integrationId, event, key)).rejects.toMatchObject({
        code: "webhook_not_active",
        status: 409,
      });
    }
    await rig.settings.deactivate(endpoint);
    await expect(send(event)).rejects.toMatchObject({ code: "webhook_not_active" });
    await expect
      .poll(() => other.send(endpoint.integrationId, event, token).catch(({ code }) => code))
      .toBe("webhook_not_active");
  });

  it("that is no JSON object is refused as that", async () => {
    for (const text of ["", "{", "[]", "null", '"text"', "1"]) {
      await expect(rig.send(endpoint.integrationId, text)).rejects.toMatchObject({
        code: "invalid_request",
      });
    }
  });

  it("is counted without a write for each", async () => {
    const before = rig.refusalWrites();
    const flood = Array.from({ length: 2_000 }, () =>
      rig.send(endpoint.integrationId, event, "wrong").catch(() => undefined),
    );
    await Promise.all(flood);
    const shown = async () => (await rig.settings.show(endpoint)).refusedCount;
    await expect.poll(shown).toBe(2_000);
    expect(rig.refusalWrites() - before).toBeLessThanOrEqual(3);
    expect(await rig.settings.show(endpoint)).toMatchObject({
      lastRefusedAt: expect.any(Date),
      lastRefusal: expect.stringContaining("x-notion-signature"),
    });
  });

  it("to an address that nobody has is unknown", async () => {
    for (const id of [randomUUID(), "x", "", endpoint.projectId, "'; drop table projects"]) {
      await expect(rig.send(id, event, token)).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

describe("a handshake", () => {
  it("is shown to the developer, sealed where it is stored, and does nothing by itself", async () => {
    const fresh = await rig.addEndpoint();
    const offered = `secret_${randomUUID()}`;
    expect(await rig.send(fresh.integrationId, { verification_token: offered })).toBe("handshake");
    const shown = await rig.settings.show(fresh);
    expect(shown).toMatchObject({ isActive: false, handshakes: [{ token: offered }] });
    const { rows } = await database.pool.query(
      "select sealed_token from webhook_handshakes where integration_id = $1",
      [fresh.integrationId],
    );
    expect(rows[0].sealed_token.toString("latin1")).not.toContain(offered);
    const event = pageEvent({ workspaceId: "w" });
    await expect(rig.send(fresh.integrationId, event, offered)).rejects.toMatchObject({
      code: "webhook_not_active",
    });
    expect(rig.routed).toEqual([]);
  });

  it("sent to an active webhook weakens nothing", async () => {
    const forged = "secret_of-an-attacker";
    expect(await send({ verification_token: forged }, undefined)).toBe("handshake");
    expect(await send({ verification_token: forged }, forged)).toBe("handshake");
    const event = pageEvent({ workspaceId: randomUUID() });
    await expect(send(event, forged)).rejects.toMatchObject({ code: "webhook_signature_invalid" });
    expect(await send(event)).toBe("no_connection");
    // Nor is an event a handshake because it brings a token.
    await expect(send({ ...event, verification_token: "x" }, forged)).rejects.toMatchObject({
      code: "webhook_signature_invalid",
    });
  });

  it("with the token that is active is answered and not shown", async () => {
    expect(await send({ verification_token: token })).toBe("handshake");
    expect((await rig.settings.show(endpoint)).handshakes).toEqual([]);
  });

  it("is one of five at most, the newest first, and once each", async () => {
    const fresh = await rig.addEndpoint();
    const tokens = Array.from({ length: 7 }, (_, index) => `secret_${index}`);
    for (const one of [...tokens, "secret_3"]) {
      await rig.send(fresh.integrationId, { verification_token: one });
    }
    const { handshakes } = await rig.settings.show(fresh);
    expect(handshakes.map((one) => one.token)).toEqual([
      "secret_3",
      "secret_6",
      "secret_5",
      "secret_4",
      "secret_2",
    ]);
  });

  it("is refused where they come by the dozen", async () => {
    const fresh = await rig.addEndpoint();
    const sent = Array.from({ length: 30 }, (_, index) =>
      rig
        .send(fresh.integrationId, { verification_token: `secret_${index}` })
        .catch((error) => error),
    );
    const answers = await Promise.all(sent);
    expect(answers.filter((one) => one === "handshake")).toHaveLength(20);
    expect(answers.at(-1)).toMatchObject({ code: "webhook_handshakes_too_many", status: 429 });
    expect((await rig.settings.show(fresh)).handshakes).toHaveLength(5);
  });

  it("is activated only where it is pending, for this integration, and not too old", async () => {
    const fresh = await rig.addEndpoint();
    const elsewhere = await rig.addEndpoint();
    await rig.send(elsewhere.integrationId, { verification_token: "secret_elsewhere" });
    await rig.send(fresh.integrationId, { verification_token: "secret_old" });
    await database.kysely
      .updateTable("webhook_handshakes")
      .set({ received_at: new Date(Date.now() - 7.1 * 86_400_000) })
      .where("integration_id", "=", fresh.integrationId)
      .execute();
    for (const one of ["secret_elsewhere", "secret_old", "guessed", token]) {
      await expect(
        rig.settings.activate(fresh, { token: one, forApp: false }),
      ).rejects.toMatchObject({ code: "webhook_handshake_not_found", status: 404 });
    }
    expect(await rig.settings.show(fresh)).toMatchObject({ isActive: false, handshakes: [] });
  });

  it("that is activated takes the place of the token before it, and the others are gone", async () => {
    await send({ verification_token: "secret_next" }, undefined);
    await send({ verification_token: "secret_other" }, undefined);
    const shown = await rig.settings.activate(endpoint, { token: "secret_next", forApp: false });
    expect(shown).toMatchObject({ isActive: true, forApp: false, handshakes: [] });
    const event = pageEvent({ workspaceId: randomUUID() });
    await expect(send(event)).rejects.toMatchObject({ code: "webhook_signature_invalid" });
    expect(await send(event, "secret_next")).toBe("no_connection");
    await expect
      .poll(() => other.send(endpoint.integrationId, event, "secret_next").catch(() => undefined))
      .toBe("repeated");
  });
});

describe("an endpoint's events", () => {
  const app = () => ({ clientId: `app-${randomUUID()}`, clientSecret: randomUUID() });

  async function connected(at: TestEndpoint, workspaceId: string, clientId: string) {
    const connection = await rig.connect(at, { workspaceId, clientId });
    await rig.listen(at, connection);
    return connection;
  }

  it("reach other projects that know the same client secret, and no others", async () => {
    const own = app();
    const workspaceId = randomUUID();
    const production = await rig.addEndpoint(own);
    const staging = await rig.addEndpoint(own);
    const pretender = await rig.addEndpoint({ ...own, clientSecret: "guessed" });
    const developing = await rig.addEndpoint();
    const hears = [
      await connected(production, workspaceId, own.clientId),
      await connected(staging, workspaceId, own.clientId),
    ];
    await connected(pretender, workspaceId, own.clientId);
    await connected(developing, workspaceId, own.clientId);
    const key = await activate(production);
    const event = pageEvent({ workspaceId });
    expect(await rig.send(production.integrationId, event, key)).toBe("routed");
    expect(rig.routed.sort()).toEqual(hears.map(({ id }) => id).sort());

    // Nor does who only names the app reach anybody but itself.
    rig.routed.length = 0;
    const itsKey = await activate(pretender);
    await rig.send(pretender.integrationId, pageEvent({ workspaceId }), itsKey);
    expect(rig.routed).toHaveLength(1);
    expect(hears.map(({ id }) => id)).not.toContain(rig.routed[0]);
  });

  it("stop reaching a project when its app changes", async () => {
    const own = app();
    const workspaceId = randomUUID();
    const production = await rig.addEndpoint(own);
    const staging = await rig.addEndpoint(own);
    const ours = await connected(production, workspaceId, own.clientId);
    await connected(staging, workspaceId, own.clientId);
    const key = await activate(production);
    await rig.send(production.integrationId, pageEvent({ workspaceId }), key);
    expect(rig.routed).toHaveLength(2);
    await database.kysely
      .updateTable("integrations")
      .set({ client_id: null, sealed_client_secret: null })
      .where("id", "=", staging.integrationId)
      .execute();
    await expect
      .poll(async () => {
        rig.routed.length = 0;
        await rig.send(production.integrationId, pageEvent({ workspaceId }), key);
        return [...rig.routed];
      })
      .toEqual([ours.id]);
  });

  it("on development keys stay in the project unless an operator says otherwise", async () => {
    const workspaceId = randomUUID();
    const neighbour = await rig.addEndpoint();
    const own = app();
    const apart = await rig.addEndpoint(own);
    const ours = await connected(endpoint, workspaceId, developmentKeys.clientId);
    const theirs = await connected(neighbour, workspaceId, developmentKeys.clientId);
    await connected(apart, workspaceId, own.clientId);
    // Made with the development keys, before its project had an app of its own.
    await connected(apart, workspaceId, developmentKeys.clientId);
    await send(pageEvent({ workspaceId }));
    expect(rig.routed).toEqual([ours.id]);

    rig.routed.length = 0;
    token = await activate(endpoint, true);
    expect(await rig.settings.show(endpoint)).toMatchObject({ forApp: true });
    await send(pageEvent({ workspaceId }));
    expect(rig.routed.sort()).toEqual([ours.id, theirs.id].sort());
  });
});

describe("what is told of events", () => {
  it("is each project's own", async () => {
    const workspaceId = randomUUID();
    const app = { clientId: `app-${randomUUID()}`, clientSecret: "secret" };
    const [mine, shared, stranger] = [
      await rig.addEndpoint(app),
      await rig.addEndpoint(app),
      await rig.addEndpoint(),
    ];
    const [ours, theirs] = [
      await rig.connect(mine, { workspaceId, clientId: app.clientId }),
      await rig.connect(shared, { workspaceId, clientId: app.clientId }),
    ];
    await rig.listen(mine, ours);
    await rig.listen(shared, theirs);
    const key = await activate(mine);
    const event = pageEvent({ workspaceId });
    await rig.send(mine.integrationId, event, key);
    const unrouted = pageEvent({ workspaceId }, { type: "view.created" });
    await rig.send(mine.integrationId, unrouted, key);

    const all = async ({ projectId }: TestEndpoint) =>
      (await rig.history.list({ projectId, limit: 10 })).events;
    expect((await all(mine)).map((one) => one.providerEventId).toSorted()).toEqual(
      [unrouted.id, event.id].toSorted(),
    );
    expect((await all(shared)).map((one) => one.providerEventId)).toEqual([event.id]);
    expect(await all(stranger)).toEqual([]);

    const seen = await rig.history.find(shared.projectId, event.id);
    expect(seen).toMatchObject({ integrationId: undefined, outcome: "routed" });
    expect(seen?.routes).toMatchObject([{ connectionId: theirs.id, outcome: undefined }]);
    const text = JSON.stringify(seen);
    for (const secret of [mine.projectId, mine.integrationId, ours.id]) {
      expect(text).not.toContain(secret);
    }
    const own = await rig.history.find(mine.projectId, seen?.id ?? "");
    expect(own).toMatchObject({ integrationId: mine.integrationId });
    expect(own?.routes.map((route) => route.connectionId)).toEqual([ours.id]);
    expect(await rig.history.find(stranger.projectId, event.id)).toBeUndefined();
    expect(await rig.history.find(shared.projectId, unrouted.id)).toBeUndefined();
    expect(await rig.history.watch(stranger.projectId, ours.id)).toBeUndefined();
  });

  it("can be narrowed and read page by page", async () => {
    const connection = await rig.connect(endpoint);
    await rig.listen(endpoint, connection);
    const events = Array.from({ length: 7 }, () => pageEvent(connection));
    for (const event of events) await send(event);
    await send(pageEvent({ workspaceId: randomUUID() }));
    const ask = { projectId: endpoint.projectId, outcome: "routed", limit: 3 } as const;
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await rig.history.list({ ...ask, cursor });
      ids.push(...page.events.map((one) => one.providerEventId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    // Of the same millisecond either comes first.
    expect(ids.toSorted()).toEqual(events.map(({ id }) => id).toSorted());

    const count = async (more: object) =>
      (await rig.history.list({ projectId: endpoint.projectId, limit: 50, ...more })).events.length;
    expect(await count({})).toBe(8);
    expect(await count({ outcome: "no_connection" })).toBe(1);
    expect(await count({ connectionId: connection.id })).toBe(7);
    expect(await count({ connectionId: randomUUID() })).toBe(0);
    expect(await count({ integrationId: endpoint.integrationId })).toBe(8);
    expect(await count({ integrationId: randomUUID() })).toBe(0);
    expect(await count({ from: new Date(Date.now() + 60_000) })).toBe(0);
    expect(await count({ to: new Date(Date.now() - 60_000) })).toBe(0);
  });

  it("ends with what the change started", async () => {
    const connection = await rig.connect(endpoint);
    await rig.listen(endpoint, connection);
    const event = pageEvent(connection);
    await send(event);
    const [changeId, deliveryId] = [randomUUID(), randomUUID()];
    const { db } = rig;
    const listener = await db
      .selectFrom("listeners")
      .selectAll()
      .where("connection_id", "=", connection.id)
      .executeTakeFirstOrThrow();
    await db
      .insertInto("changes")
      .values({
        id: changeId,
        project_id: endpoint.projectId,
        connection_id: connection.id,
        object_kind: "page",
        object_id: event.entity.id,
        changes: ["content"],
        details: "{}",
        authors: [],
        is_own: false,
        cause: "webhook",
        occurred_at: new Date(),
        result: "{}",
      })
      .execute();
    await db
      .insertInto("change_starts")
      .values({
        change_id: changeId,
        listener_id: listener.id,
        run_id: null,
        delivery_id: deliveryId,
      })
      .execute();
    await db
      .updateTable("event_routes")
      .set({ outcome: "changed", change_id: changeId, attempts: 1, finished_at: new Date() })
      .where("connection_id", "=", connection.id)
      .execute();
    const found = await rig.history.find(endpoint.projectId, event.id);
    expect(found?.routes).toMatchObject([
      {
        outcome: "changed",
        attempts: 1,
        change: {
          id: changeId,
          starts: [{ deliveryId, subscriptionId: listener.subscription_id }],
        },
      },
    ]);
  });

  it("of a connection says how it is watched, and nothing where nobody listens", async () => {
    const connection = await rig.connect(endpoint);
    const { projectId } = endpoint;
    expect(await rig.history.watch(projectId, connection.id)).toEqual({
      receivedCount: 0,
      deduplicatedCount: 0,
      pendingEvents: 0,
      listeners: [],
    });
    await rig.listen(endpoint, connection);
    await send(pageEvent(connection));
    await send(pageEvent(connection));
    expect(await rig.history.watch(projectId, connection.id)).toMatchObject({
      receivedCount: 2,
      pendingEvents: 2,
      oldestPendingAt: expect.any(Date),
      lastWebhookAt: expect.any(Date),
      listeners: [{ triggerId: "page-updated", of: { subscriptionId: expect.any(String) } }],
    });
    expect(await rig.history.watch(projectId, "x")).toBeUndefined();
  });

  it("is kept for 30 days, and handshakes for 7", async () => {
    const connection = await rig.connect(endpoint);
    await rig.listen(endpoint, connection);
    const [old, young] = [pageEvent(connection), pageEvent(connection)];
    for (const event of [old, young]) await send(event);
    await send({ verification_token: "secret_old" }, undefined);
    await database.kysely
      .updateTable("webhook_events")
      .set({ received_at: new Date(Date.now() - 31 * 86_400_000) })
      .where("provider_event_id", "=", old.id)
      .execute();
    await database.kysely
      .updateTable("webhook_handshakes")
      .set({ received_at: new Date(Date.now() - 8 * 86_400_000) })
      .where("integration_id", "=", endpoint.integrationId)
      .execute();
    await deleteOldWebhooks(database.kysely);
    expect(await eventOf(old.id)).toBeUndefined();
    expect(await routesOf(old.id)).toEqual([]);
    expect(await routesOf(young.id)).toHaveLength(1);
    const handshakes = await database.kysely
      .selectFrom("webhook_handshakes")
      .selectAll()
      .where("integration_id", "=", endpoint.integrationId)
      .execute();
    expect(handshakes).toEqual([]);
  });
});
