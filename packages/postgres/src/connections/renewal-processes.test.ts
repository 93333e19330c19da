import type { Connection } from "@tenon/connections";
import { notion } from "@tenon/notion";
import { createLocalNotion, type LocalNotion } from "local-notion";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { connect, type ConnectRig, createConnectRig, createTenant } from "./testing/connect-rig.ts";
import { controlLocalNotion, tokenPath } from "./testing/local-notion-controls.ts";
import type { DeathPoint } from "./testing/renewal-process.ts";
import { startRenewalProcess } from "./testing/start-renewal-process.ts";

/** What another process can be told of the connector: its actions have code. */
const described = { ...notion, actions: [], pickers: [], shapes: [] };

let database: TestDatabase;
let provider: LocalNotion;
let control: ReturnType<typeof controlLocalNotion>;
let rig: ConnectRig;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
  control = controlLocalNotion(provider.url);
  rig = await createConnectRig({
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await provider.close();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await control.clearFaults();
  const tenant = await createTenant(rig);
  connection = await connect(rig, tenant);
  await rig.db
    .updateTable("connections")
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where("id", "=", connection.id)
    .execute();
  await control.forgetCalls();
});

function startProcess(options: { callers: number; dieAt?: DeathPoint }) {
  return startRenewalProcess({
    rig: {
      connectionString: database.connectionString,
      providerUrl: provider.url,
      connector: described,
      keyRing: rig.keyRing,
    },
    connectionId: connection.id,
    usedVersion: 1,
    ...options,
  });
}

test("100 callers in 3 processes with an expired token cause one exchange and all get its token", async () => {
  await control.setFault(tokenPath, { delayMs: 300 });
  const processes = await Promise.all([34, 33, 33].map((callers) => startProcess({ callers })));
  const answers = (await Promise.all(processes.map((it) => it.renew()))).flat();
  expect(answers).toHaveLength(100);
  const [first] = answers;
  expect(first).toMatchObject({ connectionId: connection.id, tokenVersion: 2 });
  for (const answer of answers) expect(answer).toEqual(first);
  expect(await control.countCalls(tokenPath)).toBe(1);
  const { accessToken } = await rig.credentials.get(connection.id);
  expect(first).toMatchObject({ accessToken });
  expect(await control.accepts(accessToken)).toBe(true);
  expect(await Promise.all(processes.map((it) => it.exited))).toEqual([null, null, null]);
});

/** Renews in a process that kills itself at a point of the exchange. */
async function renewAndDie(point: DeathPoint): Promise<void> {
  const dying = await startProcess({ callers: 2, dieAt: point });
  expect(await dying.renew()).toBeUndefined();
  expect(await dying.exited).toBe("SIGKILL");
}

test.each([
  ["before the note", 1],
  ["between note and send", 1],
  ["after storing", 1],
] as const)("a process that dies %s leaves a usable connection", async (point, exchanges) => {
  await renewAndDie(point);
  const renewed = await rig.credentials.renew(connection.id, 1);
  expect(renewed.tokenVersion).toBe(2);
  expect(await control.accepts(renewed.accessToken)).toBe(true);
  expect(await control.countCalls(tokenPath)).toBe(exchanges);
});

test("a process that dies between answer and store leaves a connection that says what happened", async () => {
  await renewAndDie("between answer and store");
  await expect(rig.credentials.renew(connection.id, 1)).rejects.toMatchObject({
    code: "connection_invalid",
    status: 409,
    message: expect.stringContaining("An earlier renewal was interrupted"),
  });
  expect(await control.countCalls(tokenPath)).toBe(2);
  const scope = { projectId: connection.projectId, userId: connection.userId };
  expect(await rig.connections.find(scope, connection.id)).toMatchObject({
    status: "INVALID",
    invalidReason: expect.stringMatching(/interrupted .* Connect the account again\.$/),
  });
  await expect(rig.credentials.get(connection.id)).rejects.toMatchObject({
    code: "connection_invalid",
  });
  expect(await control.countCalls(tokenPath)).toBe(2);
});

test("callers of other processes wait out a process that died, and then renew themselves", async () => {
  await renewAndDie("between note and send");
  const others = await Promise.all([1, 2].map(() => startProcess({ callers: 5 })));
  const answers = (await Promise.all(others.map((it) => it.renew()))).flat();
  for (const answer of answers) expect(answer).toMatchObject({ tokenVersion: 2 });
  expect(await control.countCalls(tokenPath)).toBe(1);
});
