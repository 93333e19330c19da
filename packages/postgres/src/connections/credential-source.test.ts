import { AppError } from "@tenon/connector";
import type { Connection, RenewedTokens, TokenStore } from "@tenon/connections";
import { notion } from "@tenon/notion";
import { createLocalNotion, type LocalNotion } from "local-notion";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  connect,
  type ConnectRig,
  createConnectRig,
  createTenant,
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
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
  control = controlLocalNotion(provider.url);
  rig = await createConnectRig(rigOptions());
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await provider.close();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await control.clearFaults();
  tenant = await createTenant(rig);
  connection = await connect(rig, tenant);
  await control.forgetCalls();
});

function rigOptions(): RigOptions {
  return {
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
  };
}

/** One more process of Tenon, as far as the database can tell. */
function createOtherRig(options: Partial<RigOptions> = {}) {
  return createConnectRig({ ...rigOptions(), keyRing: rig.keyRing, ...options });
}

const read = () => rig.connections.find(tenant.scope, connection.id);
const exchanges = () => control.countCalls(tokenPath);

async function setColumns(columns: { expires_at?: Date; refreshed_at?: Date }) {
  await rig.db.updateTable("connections").set(columns).where("id", "=", connection.id).execute();
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

/** Rises when a process takes the lease. */
async function readFence(): Promise<string> {
  const { fence } = await rig.db
    .selectFrom("connections")
    .select("fence")
    .where("id", "=", connection.id)
    .executeTakeFirstOrThrow();
  return fence;
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof AppError) return error;
  throw new Error(`Expected an AppError, got ${String(error)}`);
}

test("a credential in memory is answered at once and follows a renewal by another process", async () => {
  await expect
    .poll(async () => {
      await rig.credentials.get(connection.id);
      return rig.credentials.get(connection.id);
    })
    .not.toBeInstanceOf(Promise);
  await using other = await createOtherRig();
  const renewed = await other.credentials.renew(connection.id, 1);
  await expect.poll(() => rig.credentials.get(connection.id)).toEqual(renewed);
  expect(await exchanges()).toBe(1);
});

test("after a renewal the same process never answers the old token", async () => {
  await rig.credentials.get(connection.id);
  const renewed = await rig.credentials.renew(connection.id, 1);
  expect(await rig.credentials.get(connection.id)).toEqual(renewed);
  expect(await control.accepts(renewed.accessToken)).toBe(true);
});

test("a caller whose version is older than the present one gets the present one", async () => {
  await rig.credentials.renew(connection.id, 1);
  expect(await rig.credentials.renew(connection.id, 1)).toMatchObject({ tokenVersion: 2 });
  expect(await exchanges()).toBe(1);
  expect(await rig.credentials.renew(connection.id, 2)).toMatchObject({ tokenVersion: 3 });
});

test.each([
  ["ended", -1, 3600],
  ["ends within a minute", 50, 3600],
  ["is in the last quarter of a short life", 5, 30],
])("a token that %s is renewed before it is used", async (_, endsIn, life) => {
  await setColumns({ expires_at: inSeconds(endsIn), refreshed_at: inSeconds(endsIn - life) });
  expect(await rig.credentials.get(connection.id)).toMatchObject({ tokenVersion: 2 });
  expect(await exchanges()).toBe(1);
});

test.each([
  ["ends later", 600, 3600],
  ["has a short life but most of it left", 25, 30],
])("a token that %s is used as it is", async (_, endsIn, life) => {
  await setColumns({ expires_at: inSeconds(endsIn), refreshed_at: inSeconds(endsIn - life) });
  expect(await rig.credentials.get(connection.id)).toMatchObject({ tokenVersion: 1 });
  expect(await exchanges()).toBe(0);
});

test("a token that ends soon serves on while the provider cannot renew it", async () => {
  await control.setFault(tokenPath, { status: 500 });
  await setColumns({ expires_at: inSeconds(50), refreshed_at: inSeconds(-3550) });
  expect(await rig.credentials.get(connection.id)).toMatchObject({ tokenVersion: 1 });
  await setColumns({ expires_at: inSeconds(-1) });
  await expect.poll(() => failureOf(get()).then(({ code }) => code)).toBe("provider_unavailable");

  async function get() {
    return rig.credentials.get(connection.id);
  }
});

test("a refusal for good makes the connection INVALID with the provider's words", async () => {
  await control.takeAccessAway(connection.accountId);
  const error = await failureOf(rig.credentials.renew(connection.id, 1));
  expect(error).toMatchObject({
    code: "connection_invalid",
    status: 409,
    details: { connectionId: connection.id },
  });
  expect(await read()).toMatchObject({
    status: "INVALID",
    invalidReason:
      "Notion refused to renew its access: Invalid refresh token. Connect the account again.",
  });
  await failureOf(rig.credentials.renew(connection.id, 1));
  expect(await exchanges()).toBe(1);
});

test("a wrong client secret is the app's fault: the connection stays VALID and renews once it is right", async () => {
  await using misconfigured = await createOtherRig({ clientSecret: "wrong" });
  const error = await failureOf(misconfigured.credentials.renew(connection.id, 1));
  expect(error).toMatchObject({ code: "provider_refused", status: 502 });
  expect(error.message).toMatch(/Client Secret/);
  expect(await read()).toMatchObject({ status: "VALID", refreshFailureCount: 1 });
  await expect
    .poll(() => rig.credentials.renew(connection.id, 1).catch(() => undefined))
    .toMatchObject({ tokenVersion: 2 });
});

test("a connection without a refresh token becomes INVALID when its token is refused", async () => {
  const place = { table: "connections", column: "sealed_tokens", rowId: connection.id };
  const sealed = await rig.sealer.seal(tenant.scope.projectId, place, '{"accessToken":"old"}');
  await rig.db
    .updateTable("connections")
    .set({ sealed_tokens: sealed, expires_at: inSeconds(-1) })
    .where("id", "=", connection.id)
    .execute();
  await expect.poll(async () => (await rig.credentials.get(connection.id)).accessToken).toBe("old");
  expect(await failureOf(rig.credentials.renew(connection.id, 1))).toMatchObject({
    code: "connection_invalid",
    message: expect.stringContaining("Notion no longer accepts its access token."),
  });
  expect(await exchanges()).toBe(0);
});

test("a provider that is busy is left alone until it is due, by every process", async () => {
  await control.setFault(tokenPath, { status: 429, retryAfter: 120 });
  const error = await failureOf(rig.credentials.renew(connection.id, 1));
  expect(error).toMatchObject({ code: "provider_unavailable", status: 502, retryAfter: 120 });
  await using other = await createOtherRig();
  const later = await failureOf(other.credentials.renew(connection.id, 1));
  expect(later.code).toBe("provider_unavailable");
  expect(later.retryAfter).toBeGreaterThan(100);
  expect(await exchanges()).toBe(1);
  expect(await read()).toMatchObject({ status: "VALID", refreshFailureCount: 1 });
});

test("an outage is counted, waited out, and forgotten after a success", async () => {
  await control.setFault(tokenPath, { status: 500 }, 2);
  await failureOf(rig.credentials.renew(connection.id, 1));
  await expect.poll(async () => (await renewOrCode()) ?? (await exchanges())).toBe(2);
  expect(await read()).toMatchObject({ status: "VALID", refreshFailureCount: 2 });
  await expect.poll(() => renewOrCode(), { timeout: 5000 }).toMatchObject({ tokenVersion: 2 });
  expect(await read()).toMatchObject({ refreshFailureCount: 0 });

  async function renewOrCode() {
    return rig.credentials.renew(connection.id, 1).catch(() => undefined);
  }
});

test("an answer lost after the provider rotated ends INVALID, and says that it was interrupted", async () => {
  const outcome = { status: 500, when: "after_save" };
  await control.setFault(tokenPath, outcome, 1);
  expect(await failureOf(rig.credentials.renew(connection.id, 1))).toMatchObject({
    code: "provider_unavailable",
    retryAfter: 1,
  });
  expect(await read()).toMatchObject({ status: "VALID" });
  await expect
    .poll(() => failureOf(rig.credentials.renew(connection.id, 1)).then(({ code }) => code))
    .toBe("connection_invalid");
  expect(await read()).toMatchObject({
    invalidReason: expect.stringContaining("An earlier renewal was interrupted"),
  });
  expect(await exchanges()).toBe(2);
});

test("an answer lost before the provider rotated is made up for by the next attempt", async () => {
  await control.setFault(tokenPath, { status: 502, html: true }, 1);
  await failureOf(rig.credentials.renew(connection.id, 1));
  await expect
    .poll(() => rig.credentials.renew(connection.id, 1).catch(() => undefined))
    .toMatchObject({ tokenVersion: 2 });
});

test("a renewal that takes longer than the lease keeps it: other processes wait", async () => {
  await control.setFault(tokenPath, { delayMs: 2500 });
  await using other = await createOtherRig();
  const [mine, theirs] = await Promise.all([
    rig.credentials.renew(connection.id, 1),
    other.credentials.renew(connection.id, 1),
  ]);
  expect(theirs).toEqual(mine);
  expect(await exchanges()).toBe(1);
});

/** Stops a process between the provider's answer and the database, until it is let go. */
function holdBeforeStoring() {
  const reached = Promise.withResolvers<RenewedTokens>();
  const letGo = Promise.withResolvers<void>();
  const wrapTokens = (tokens: TokenStore): TokenStore => ({
    ...tokens,
    extendLease: async () => false,
    async finishRenewed(lease, exchangeId, renewed) {
      reached.resolve(renewed);
      await letGo.promise;
      return tokens.finishRenewed(lease, exchangeId, renewed);
    },
  });
  return { wrapTokens, reached: reached.promise, letGo: () => letGo.resolve() };
}

async function openAccessToken({ sealedTokens }: RenewedTokens): Promise<string> {
  const place = { table: "connections", column: "sealed_tokens", rowId: connection.id };
  const { projectId } = tenant.scope;
  const pair: unknown = JSON.parse(await rig.sealer.open(projectId, place, sealedTokens));
  return (pair as { accessToken: string }).accessToken;
}

test("a process that was stopped while storing makes up for the INVALID that others saw", async () => {
  const hold = holdBeforeStoring();
  await using slow = await createOtherRig({ wrapTokens: hold.wrapTokens });
  const renewing = slow.credentials.renew(connection.id, 1);
  await hold.reached;
  const others = await failureOf(rig.credentials.renew(connection.id, 1));
  expect(others.code).toBe("connection_invalid");
  hold.letGo();
  const renewed = await renewing;
  expect(renewed.tokenVersion).toBe(2);
  expect(await read()).toMatchObject({ status: "VALID", invalidReason: null });
  expect(await control.accepts(renewed.accessToken)).toBe(true);
});

test("others give a process that is late a moment to store before they try the old token", async () => {
  const hold = holdBeforeStoring();
  await using slow = await createOtherRig({ wrapTokens: hold.wrapTokens });
  await using patient = await createOtherRig({ timing: { graceMs: 1500 } });
  const renewing = slow.credentials.renew(connection.id, 1);
  await hold.reached;
  const others = patient.credentials.renew(connection.id, 1);
  await expect.poll(() => readFence(), { timeout: 5000 }).toBe("2");
  hold.letGo();
  expect(await others).toEqual(await renewing);
  expect(await exchanges()).toBe(1);
});

test("a late process does not overwrite tokens of a new sign-in, and leaves the same account alone", async () => {
  const hold = holdBeforeStoring();
  await using slow = await createOtherRig({ wrapTokens: hold.wrapTokens });
  const renewing = slow.credentials.renew(connection.id, 1);
  await hold.reached;
  await connect(rig, tenant);
  const current = await rig.credentials.get(connection.id);
  hold.letGo();
  expect(await renewing).toEqual(current);
  expect(await read()).toMatchObject({ tokenVersion: 2 });
  expect(await control.countCalls(revokePath)).toBe(0);
});

test("a late process revokes what it renewed for an account that was replaced meanwhile", async () => {
  const hold = holdBeforeStoring();
  await using slow = await createOtherRig({ wrapTokens: hold.wrapTokens });
  const renewing = slow.credentials.renew(connection.id, 1);
  const unwanted = await openAccessToken(await hold.reached);
  expect(await control.accepts(unwanted)).toBe(true);
  const people = await control.people();
  await connect(rig, tenant, { personId: people[1]?.id ?? "" });
  hold.letGo();
  const current = await renewing;
  expect(current.tokenVersion).toBe(2);
  expect(await control.accepts(current.accessToken)).toBe(true);
  expect(await control.accepts(unwanted)).toBe(false);
});

test("disconnecting during a renewal brings nothing back and revokes what was renewed", async () => {
  const hold = holdBeforeStoring();
  await using slow = await createOtherRig({ wrapTokens: hold.wrapTokens });
  const renewing = failureOf(slow.credentials.renew(connection.id, 1));
  const unwanted = await openAccessToken(await hold.reached);
  expect(await rig.disconnect(tenant.scope, connection.id)).toMatchObject({ revoked: true });
  hold.letGo();
  expect(await renewing).toMatchObject({ code: "connection_not_found" });
  expect(await control.accepts(unwanted)).toBe(false);
  expect(await read()).toBeUndefined();
});

test("renewed tokens serve from memory while the database is down, and are stored when it is back", async () => {
  const wrapTokens = (tokens: TokenStore): TokenStore => {
    let isFirst = true;
    return {
      ...tokens,
      async finishRenewed(lease, exchangeId, renewed) {
        if (isFirst) await setDatabaseUp(database, false);
        isFirst = false;
        return tokens.finishRenewed(lease, exchangeId, renewed);
      },
    };
  };
  await using slow = await createOtherRig({ wrapTokens });
  const renewed = await slow.credentials.renew(connection.id, 1);
  expect(renewed.tokenVersion).toBe(2);
  expect(await slow.credentials.get(connection.id)).toBe(renewed);
  expect(await slow.credentials.renew(connection.id, 1)).toBe(renewed);
  expect(await failureOf(slow.credentials.renew(connection.id, 2))).toMatchObject({
    code: "provider_unavailable",
    message: expect.stringContaining("could not be stored yet"),
  });
  await setDatabaseUp(database, true);
  await expect.poll(() => read(), { timeout: 10_000 }).toMatchObject({ tokenVersion: 2 });
  await expect.poll(() => rig.credentials.get(connection.id)).toEqual(renewed);
  expect(await exchanges()).toBe(1);
});

test("a store that was committed but not answered is not taken for a failure", async () => {
  const wrapTokens = (tokens: TokenStore): TokenStore => {
    let isFirst = true;
    return {
      ...tokens,
      async finishRenewed(lease, exchangeId, renewed) {
        const isStored = await tokens.finishRenewed(lease, exchangeId, renewed);
        if (!isFirst) return isStored;
        isFirst = false;
        throw new Error("Connection terminated unexpectedly");
      },
    };
  };
  await using slow = await createOtherRig({ wrapTokens });
  const renewed = await slow.credentials.renew(connection.id, 1);
  await slow.credentials.close();
  expect(slow.logged.map(({ message }) => message)).toContain(
    "Renewed tokens no longer wait in memory",
  );
  expect(await rig.credentials.get(connection.id)).toEqual(renewed);
  expect(await control.countCalls(revokePath)).toBe(0);
});

test("a process that is stopped in order waits for its exchange and stores the tokens", async () => {
  await control.setFault(tokenPath, { delayMs: 500 });
  const stopping = await createOtherRig();
  const renewing = stopping.credentials.renew(connection.id, 1);
  await expect.poll(() => exchanges()).toBe(1);
  await stopping[Symbol.asyncDispose]();
  expect(await read()).toMatchObject({ tokenVersion: 2 });
  expect(await rig.credentials.get(connection.id)).toEqual(await renewing);
});

test("tokens moved to another connection's row do not open there", async () => {
  const other = await createTenant(rig);
  const theirs = await connect(rig, other);
  const { sealed_tokens } = await rig.db
    .selectFrom("connections")
    .select("sealed_tokens")
    .where("id", "=", theirs.id)
    .executeTakeFirstOrThrow();
  await rig.db
    .updateTable("connections")
    .set({ sealed_tokens })
    .where("id", "=", connection.id)
    .execute();
  await expect
    .poll(() =>
      Promise.resolve(rig.credentials.get(connection.id)).catch((error: unknown) => error),
    )
    .toMatchObject({ name: "SealingError", code: "unreadable" });
});

test("nothing that was logged holds a token", async () => {
  await control.takeAccessAway(connection.accountId);
  const { accessToken } = await rig.credentials.get(connection.id);
  await failureOf(rig.credentials.renew(connection.id, 1));
  const text = rig.logged.map((entry) => JSON.stringify(entry)).join("\n");
  expect(text).toContain("became INVALID");
  expect(text).not.toContain(accessToken);
  expect(text).not.toMatch(/n[tr][nt]_[0-9a-f]{8}/);
});
