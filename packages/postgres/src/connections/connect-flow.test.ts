import { createHash } from "node:crypto";
import type { AuthorizationOutcome, AuthorizationStore, InstallOptions } from "@tenon/connections";
import { notion } from "@tenon/notion";
import { createLocalNotion, type LocalNotion } from "local-notion";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addUser,
  connect,
  type ConnectRig,
  consent,
  createConnectRig,
  createTenant,
  redirectUri,
  type RigOptions,
  type Tenant,
} from "./testing/connect-rig.ts";
import { controlLocalNotion, revokePath, tokenPath } from "./testing/local-notion-controls.ts";
import { setDatabaseUp } from "./testing/set-database-up.ts";

let database: TestDatabase;
let provider: LocalNotion;
let control: ReturnType<typeof controlLocalNotion>;
let rig: ConnectRig;
let tenant: Tenant;
let ada: string;
let ben: string;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
  control = controlLocalNotion(provider.url);
  rig = await createConnectRig(rigOptions());
  const people = await control.people();
  [ada = "", ben = ""] = people.map(({ id }) => id);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await provider.close();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await control.clearFaults();
  await control.forgetCalls();
  tenant = await createTenant(rig);
});

function rigOptions(): RigOptions {
  return {
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
  };
}

async function start(installOptions: InstallOptions = {}) {
  const { integration, scope } = tenant;
  const { userId } = scope;
  return rig.flow.startAuthorization({ integration, userId, redirectUri, installOptions });
}

async function signIn(installOptions: InstallOptions = {}): Promise<AuthorizationOutcome> {
  const { authorizeUrl } = await start(installOptions);
  const callback = await consent(authorizeUrl);
  return rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
}

function codeOf(outcome: AuthorizationOutcome): string {
  return outcome.kind === "failed" ? outcome.failure.code : outcome.kind;
}

async function latest() {
  const query = { integrationId: tenant.integration.id, since: new Date(0) };
  return rig.flow.findLatest(tenant.scope, query);
}

async function accessTokenOf(connectionId: string): Promise<string> {
  return (await rig.credentials.get(connectionId)).accessToken;
}

const owned = () => rig.connections.list(tenant.scope);

test("a sign-in makes a VALID connection with one default configuration and a working token", async () => {
  const connection = await connect(rig, tenant, { personId: ada });
  expect(connection).toMatchObject({
    projectId: tenant.scope.projectId,
    userId: tenant.scope.userId,
    integrationId: tenant.integration.id,
    connectorId: "notion",
    status: "VALID",
    invalidReason: null,
    tokenVersion: 1,
    externalId: null,
    baseUrl: provider.url,
    configurations: [{ isDefault: true, workflowSettings: {}, sharedSettings: {}, meta: {} }],
  });
  expect(connection.providerData).toMatchObject({
    workspaceId: expect.any(String),
    botId: connection.accountId,
    userId: ada,
  });
  expect(await control.accepts(await accessTokenOf(connection.id))).toBe(true);
  expect(await latest()).toMatchObject({ status: "connected", connectionId: connection.id });
});

test("neither the state nor a token is stored in readable form", async () => {
  const { authorizeUrl } = await start();
  const callback = await consent(authorizeUrl);
  const outcome = await rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
  const { id } = outcome.kind === "connected" ? outcome.connection : { id: "" };
  const accessToken = await accessTokenOf(id);
  const tables = ["authorizations", "connections", "projects", "token_exchanges"];
  for (const table of tables) {
    const { rows } = await database.pool.query<{ text: string }>(
      `select t::text || coalesce(encode(${table === "connections" ? "t.sealed_tokens" : "''"}, 'escape'), '') as text from ${table} t`,
    );
    const stored = rows.map(({ text }) => text).join("\n");
    expect(stored).not.toContain(callback.state);
    expect(stored).not.toContain(accessToken);
  }
});

test("the state is 256 random bits and goes to the provider alone", async () => {
  const { authorizeUrl, authorizationId } = await start();
  const state = new URL(authorizeUrl).searchParams.get("state") ?? "";
  expect(Buffer.from(state, "base64url")).toHaveLength(32);
  const row = await rig.db
    .selectFrom("authorizations")
    .selectAll()
    .where("id", "=", authorizationId)
    .executeTakeFirstOrThrow();
  expect(row.state_hash).toEqual(createHash("sha256").update(state).digest());
});

test("a user who declines is told so, and the sign-in is over", async () => {
  const { authorizeUrl } = await start();
  const callback = await consent(authorizeUrl, { decision: "cancel" });
  const outcome = await rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: {
      code: "authorization_denied",
      message: "Access to Notion was not granted. Connect again and allow it to continue.",
    },
  });
  expect(await latest()).toMatchObject({
    status: "denied",
    failure: { code: "authorization_denied" },
  });
  const again = await rig.flow.completeAuthorization({
    state: callback.state,
    code: "any",
    bindings: [tenant.scope],
  });
  expect(codeOf(again)).toBe("authorization_replayed");
});

test("a forged, missing or altered state is unknown and changes nothing", async () => {
  const { authorizeUrl } = await start();
  const { state, code } = await consent(authorizeUrl);
  for (const forged of [undefined, "", "x".repeat(43), `${state}x`, state.slice(1)]) {
    const callback = { state: forged, code, bindings: [tenant.scope] };
    const outcome = await rig.flow.completeAuthorization(callback);
    expect(outcome).toMatchObject({
      authorization: undefined,
      failure: { code: "authorization_unknown" },
    });
  }
  expect(await latest()).toMatchObject({ status: "pending" });
  expect(await control.countCalls(tokenPath)).toBe(0);
});

test("a state is good once: of concurrent callbacks one exchanges, the others are told", async () => {
  const { authorizeUrl } = await start();
  const callback = { ...(await consent(authorizeUrl)), bindings: [tenant.scope] };
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => rig.flow.completeAuthorization(callback)),
  );
  expect(outcomes.map(codeOf).sort()).toEqual([
    "authorization_replayed",
    "authorization_replayed",
    "authorization_replayed",
    "authorization_replayed",
    "connected",
  ]);
  expect(await control.countCalls(tokenPath)).toBe(1);
  expect(codeOf(await rig.flow.completeAuthorization(callback))).toBe("authorization_replayed");
  expect(await owned()).toHaveLength(1);
});

test("of many who begin the exchange of one sign-in at the same time, one may", async () => {
  const { authorizationId } = await start();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => rig.authorizations.beginExchange(authorizationId)),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test("a state is good for ten minutes", async () => {
  const { authorizeUrl, authorizationId } = await start();
  const created = await latest();
  const lifeMs = (created?.expiresAt.getTime() ?? 0) - (created?.createdAt.getTime() ?? 0);
  expect(lifeMs).toBe(600_000);
  const callback = await consent(authorizeUrl);
  await rig.db
    .updateTable("authorizations")
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where("id", "=", authorizationId)
    .execute();
  const outcome = await rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
  expect(codeOf(outcome)).toBe("authorization_expired");
  expect(await control.countCalls(tokenPath)).toBe(0);
  expect(await latest()).toMatchObject({
    status: "failed",
    failure: { code: "authorization_expired" },
  });
});

test("another browser, user or project cannot end a sign-in, and does not spend it", async () => {
  const { authorizeUrl } = await start();
  const callback = await consent(authorizeUrl);
  const otherProject = await createTenant(rig);
  const otherUser = await addUser(rig.db, tenant.scope.projectId);
  const mixed = { projectId: otherProject.scope.projectId, userId: tenant.scope.userId };
  for (const bindings of [[], [otherUser], [otherProject.scope, mixed]]) {
    const outcome = await rig.flow.completeAuthorization({ ...callback, bindings });
    expect(outcome).toMatchObject({
      authorization: undefined,
      failure: { code: "authorization_other_browser" },
    });
  }
  expect(await control.countCalls(tokenPath)).toBe(0);
  const own = await rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
  expect(codeOf(own)).toBe("connected");
});

test("a declined sign-in in another browser stays open", async () => {
  const { authorizeUrl } = await start();
  const callback = await consent(authorizeUrl, { decision: "cancel" });
  const outcome = await rig.flow.completeAuthorization({ ...callback, bindings: [] });
  expect(codeOf(outcome)).toBe("authorization_other_browser");
  expect(await latest()).toMatchObject({ status: "pending" });
});

test.each([
  ["server_error", "provider_unavailable"],
  ["temporarily_unavailable", "provider_unavailable"],
  ["invalid_scope", "provider_refused"],
  [undefined, "callback_invalid"],
])("a callback with the error %s fails as %s", async (error, code) => {
  const { authorizeUrl } = await start();
  const { state } = await consent(authorizeUrl, { decision: "cancel" });
  const description = "Because\u0000 of <this>";
  const outcome = await rig.flow.completeAuthorization({
    state,
    error,
    errorDescription: description,
    bindings: [tenant.scope],
  });
  expect(codeOf(outcome)).toBe(code);
  expect(await latest()).toMatchObject({ status: "failed", failure: { code } });
});

test.each([
  ["is down", { status: 500 }, "provider_unavailable", /Notion answered with status 500/],
  ["answers a web page", { status: 502, html: true }, "provider_answered_html", /web page/],
  ["cuts the connection", { cutAfterBytes: 0 }, "provider_unavailable", /broke the connection/],
  ["cuts its answer", { cutAfterBytes: 20 }, "provider_unavailable", /broke the connection/],
  ["stays busy", { status: 429, retryAfter: 0 }, "provider_unavailable", /status 429/],
])("where the provider %s, the user is told in words", async (_, outcome, code, message) => {
  await control.setFault(tokenPath, outcome);
  expect(await signIn()).toMatchObject({
    kind: "failed",
    authorization: { connectorId: "notion" },
    failure: { code, message: expect.stringMatching(message) },
  });
  expect(await latest()).toMatchObject({ status: "failed", failure: { code } });
  expect(await owned()).toEqual([]);
});

test("a provider that is busy for a moment is asked again", async () => {
  await control.setFault(tokenPath, { status: 503, retryAfter: 0 }, 1);
  expect(codeOf(await signIn())).toBe("connected");
  expect(await control.countCalls(tokenPath)).toBe(2);
});

test.each(["both", "rfc6749", "notion"])(
  "a refusal of the provider keeps its words, in its error shape %s",
  async (oauthErrors) => {
    await control.setSettings({ oauthErrors });
    const { authorizeUrl } = await start();
    const { state } = await consent(authorizeUrl);
    const forged = { state, code: "forged", bindings: [tenant.scope] };
    expect(await rig.flow.completeAuthorization(forged)).toMatchObject({
      failure: {
        code: "provider_refused",
        message: "Notion refused the sign-in: Invalid code. Connect again.",
      },
    });
    await control.setSettings({ oauthErrors: "both" });
  },
);

test("connecting the same account again replaces the tokens and keeps id, settings and name", async () => {
  const options = { externalId: "team-1" };
  const first = await connect(rig, tenant, { personId: ada, installOptions: options });
  await rig.connections.updateConfiguration(
    tenant.scope,
    { connectionId: first.id },
    { sharedSettings: { folder: "inbox" } },
  );
  const old = await accessTokenOf(first.id);
  const second = await connect(rig, tenant, {
    personId: ada,
    installOptions: { allowMultipleCredentials: true },
  });
  expect(second).toMatchObject({ id: first.id, tokenVersion: 2, externalId: "team-1" });
  expect(second.configurations).toMatchObject([{ sharedSettings: { folder: "inbox" } }]);
  expect(await accessTokenOf(first.id)).not.toBe(old);
  expect(await owned()).toHaveLength(1);
  await rig.flow.close();
  expect(await control.countCalls(revokePath)).toBe(0);
});

test("connecting another account replaces the first one and revokes its grant", async () => {
  const first = await connect(rig, tenant, { personId: ada });
  const old = await accessTokenOf(first.id);
  const second = await connect(rig, tenant, { personId: ben });
  expect(second.id).toBe(first.id);
  expect(second.accountId).not.toBe(first.accountId);
  expect(second.providerData).toMatchObject({ userId: ben });
  await rig.flow.close();
  expect(await control.accepts(old)).toBe(false);
  expect(await control.accepts(await accessTokenOf(second.id))).toBe(true);
});

test("several accounts live side by side where that is asked for, each with its settings", async () => {
  const first = await connect(rig, tenant, { personId: ada });
  const second = await connect(rig, tenant, {
    personId: ben,
    installOptions: { allowMultipleCredentials: true, externalId: "second" },
  });
  expect(await owned()).toMatchObject([
    { id: first.id, externalId: null },
    { id: second.id, externalId: "second" },
  ]);
  expect(await control.accepts(await accessTokenOf(first.id))).toBe(true);
  expect(await control.accepts(await accessTokenOf(second.id))).toBe(true);
});

test("a selected connection is reconnected, and becomes VALID again", async () => {
  const first = await connect(rig, tenant, { personId: ada });
  await connect(rig, tenant, {
    personId: ben,
    installOptions: { allowMultipleCredentials: true },
  });
  await rig.db
    .updateTable("connections")
    .set({ status: "INVALID", invalid_reason: "test" })
    .where("id", "=", first.id)
    .execute();
  const again = await connect(rig, tenant, {
    personId: ada,
    installOptions: { selectedCredentialId: first.id },
  });
  expect(again).toMatchObject({ id: first.id, status: "VALID", invalidReason: null });
  expect(await owned()).toHaveLength(2);
});

test("a connection that is not the user's cannot be selected", async () => {
  const stranger = await createTenant(rig);
  const theirs = await connect(rig, stranger, { personId: ada });
  await expect(start({ selectedCredentialId: theirs.id })).rejects.toMatchObject({
    code: "connection_not_found",
    status: 404,
  });
});

test("concurrent sign-ins of one user to one account end in one connection", async () => {
  const outcomes = await Promise.all(
    [1, 2, 3].map(() =>
      connect(rig, tenant, { personId: ada, installOptions: { allowMultipleCredentials: true } }),
    ),
  );
  expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
  const [connection] = await owned();
  expect(connection).toMatchObject({ tokenVersion: 3 });
  expect(await control.accepts(await accessTokenOf(connection?.id ?? ""))).toBe(true);
});

test("concurrent sign-ins of one user to two accounts end in one connection", async () => {
  await control.setFault(tokenPath, { delayMs: 300 }, 2);
  const [first, second] = await Promise.all([
    connect(rig, tenant, { personId: ada }),
    connect(rig, tenant, { personId: ben }),
  ]);
  expect(first.id).toBe(second.id);
  expect(await owned()).toMatchObject([{ id: first.id, tokenVersion: 2 }]);
});

test("the outcome is found by its session key, by its own user only, until that is forgotten", async () => {
  const { flow } = rig;
  const { scope, integration } = tenant;
  const { authorizeUrl } = await flow.startAuthorization({
    integration,
    userId: scope.userId,
    redirectUri,
    installOptions: {},
    sessionKey: "key-1",
    openerOrigin: "https://app.example",
  });
  expect(await flow.findBySessionKey(scope, "key-1")).toMatchObject({
    status: "pending",
    openerOrigin: "https://app.example",
  });
  await flow.completeAuthorization({ ...(await consent(authorizeUrl)), bindings: [scope] });
  const found = await flow.findBySessionKey(scope, "key-1");
  expect(found).toMatchObject({ status: "connected", connectionId: expect.any(String) });
  const stranger = await addUser(rig.db, scope.projectId);
  expect(await flow.findBySessionKey(stranger, "key-1")).toBeUndefined();
  await flow.forgetSessionKey(stranger, "key-1");
  expect(await flow.findBySessionKey(scope, "key-1")).toBeDefined();
  await flow.forgetSessionKey(scope, "key-1");
  expect(await flow.findBySessionKey(scope, "key-1")).toBeUndefined();
});

test("a session key used again means the newer sign-in", async () => {
  await connect(rig, tenant, { sessionKey: "same" });
  const { integration, scope } = tenant;
  const { authorizationId } = await rig.flow.startAuthorization({
    integration,
    userId: scope.userId,
    redirectUri,
    installOptions: {},
    sessionKey: "same",
  });
  expect(await rig.flow.findBySessionKey(scope, "same")).toMatchObject({ id: authorizationId });
});

test("the latest sign-in is looked for since a time", async () => {
  await start();
  const first = await latest();
  const query = { integrationId: tenant.integration.id, since: new Date(Date.now() + 60_000) };
  expect(await rig.flow.findLatest(tenant.scope, query)).toBeUndefined();
  await start();
  expect((await latest())?.id).not.toBe(first?.id);
});

test("a sign-in whose process died between exchange and store reads as interrupted", async () => {
  const { authorizeUrl, authorizationId } = await start();
  const callback = await consent(authorizeUrl);
  await rig.authorizations.beginExchange(authorizationId);
  expect(await latest()).toMatchObject({ status: "exchanging", failure: null });
  await rig.db
    .updateTable("authorizations")
    .set({ exchange_started_at: new Date(Date.now() - 61_000) })
    .where("id", "=", authorizationId)
    .execute();
  expect(await latest()).toMatchObject({
    status: "failed",
    failure: { code: "authorization_interrupted" },
  });
  const replay = await rig.flow.completeAuthorization({ ...callback, bindings: [tenant.scope] });
  expect(codeOf(replay)).toBe("authorization_replayed");
});

test("an exchange that comes back after it was given up stores nothing and is revoked", async () => {
  await control.setFault(tokenPath, { delayMs: 400 }, 1);
  const signingIn = signIn();
  await expect.poll(async () => (await latest())?.status).toBe("exchanging");
  await rig.db
    .updateTable("authorizations")
    .set({ exchange_started_at: new Date(Date.now() - 61_000) })
    .where("user_id", "=", tenant.scope.userId)
    .execute();
  expect(codeOf(await signingIn)).toBe("authorization_interrupted");
  expect(await owned()).toEqual([]);
  await rig.flow.close();
  expect(await control.countCalls(revokePath)).toBe(1);
});

/** Has something happen around the first time that a connection is stored. */
function aroundFirstStore(act: (store: () => Promise<unknown>) => Promise<void>) {
  return (authorizations: AuthorizationStore): AuthorizationStore => {
    let isFirst = true;
    return {
      ...authorizations,
      async connect(id, place) {
        const store = () => authorizations.connect(id, place);
        if (isFirst) {
          isFirst = false;
          await act(store);
        }
        return store();
      },
    };
  };
}

test("an account is stored once the database is back, where that is soon", async () => {
  await using other = await createConnectRig({
    ...rigOptions(),
    keyRing: rig.keyRing,
    wrapAuthorizations: aroundFirstStore(async () => {
      await setDatabaseUp(database, false);
      setTimeout(() => void setDatabaseUp(database, true), 500);
    }),
  });
  const connection = await connect(other, tenant);
  expect(await owned()).toMatchObject([{ id: connection.id, status: "VALID" }]);
  expect(await latest()).toMatchObject({ status: "connected", connectionId: connection.id });
  expect(await control.countCalls(tokenPath)).toBe(1);
});

test("an account that was stored, with the answer lost, is not stored twice", async () => {
  await using other = await createConnectRig({
    ...rigOptions(),
    keyRing: rig.keyRing,
    wrapAuthorizations: aroundFirstStore(async (store) => {
      await store();
      throw new Error("Connection terminated unexpectedly");
    }),
  });
  const connection = await connect(other, tenant, {
    installOptions: { allowMultipleCredentials: true },
  });
  expect(await owned()).toMatchObject([{ id: connection.id, tokenVersion: 1 }]);
});

test("a code that the customer's own page received makes a connection", async () => {
  const { authorizeUrl } = await start();
  const { code = "" } = await consent(authorizeUrl);
  const { integration, scope } = tenant;
  const request = { integration, userId: scope.userId, code, redirectUri, installOptions: {} };
  const outcome = await rig.flow.completeInstall(request);
  expect(outcome).toMatchObject({ kind: "connected", connection: { status: "VALID" } });
  expect(await rig.flow.completeInstall(request)).toMatchObject({
    kind: "failed",
    failure: { code: "provider_refused" },
  });
});
