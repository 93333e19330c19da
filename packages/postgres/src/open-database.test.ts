import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { createTestDatabase } from "./testing/test-database.ts";

const dataDir = join(tmpdir(), "never-made");

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}

/** Speaks just enough of the protocol to give one text as the answer to any query. */
function answering(text: string): Server {
  const message = (type: string, body: Buffer) => {
    const header = Buffer.alloc(5);
    header.write(type);
    header.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([header, body]);
  };
  const ready = message("Z", Buffer.from("I"));
  const column = Buffer.concat([Buffer.from("\0\x01version\0"), Buffer.alloc(18)]);
  column.writeInt32BE(25, column.length - 12);
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, text.length]), Buffer.from(text)]);
  const answer = [message("T", column), message("D", row), message("C", Buffer.from("SELECT 1\0"))];
  return createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
      socket.on("data", (data) => {
        if (data[0] === "Q".charCodeAt(0)) socket.write(Buffer.concat([...answer, ready]));
      });
    });
  });
}

it("opens the database of DATABASE_URL", async () => {
  await using test = await createTestDatabase();
  const opened = await openDatabase({ databaseUrl: test.connectionString, dataDir });
  expect(await opened.kysely.selectFrom("projects").selectAll().execute()).toEqual([]);
  await opened.stop();
});

it("runs its own database where there is no DATABASE_URL", async () => {
  const ownDataDir = await mkdtemp(join(tmpdir(), "tenon-open-"));
  onTestFinished(() => rm(ownDataDir, { recursive: true, force: true }));
  const opened = await openDatabase({ dataDir: ownDataDir });
  onTestFinished(() => opened.stop());
  await migrate(opened.kysely);
  expect(await opened.kysely.selectFrom("projects").selectAll().execute()).toEqual([]);
});

it("names the server that cannot be reached, and keeps the password to itself", async () => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  const databaseUrl = `postgresql://someone:s3cret@127.0.0.1:${port}/tenon`;
  const error: unknown = await openDatabase({ databaseUrl, dataDir }).catch((caught) => caught);
  expect(error).toMatchObject({
    code: "database_unreachable",
    message: expect.stringContaining(`127.0.0.1:${port}/tenon`),
  });
  expect(error).toMatchObject({ message: expect.not.stringContaining("s3cret") });
});

it("names the database that is not there", async () => {
  const { host, port, user } = inject("testServer");
  const databaseUrl = `postgresql://${user}@${encodeURIComponent(host)}:${port}/not_there`;
  await expect(openDatabase({ databaseUrl, dataDir })).rejects.toMatchObject({
    code: "database_unreachable",
    message: expect.stringContaining('database "not_there" does not exist'),
  });
});

it("refuses a DATABASE_URL that is no URL", async () => {
  await expect(openDatabase({ databaseUrl: "nonsense", dataDir })).rejects.toMatchObject({
    code: "database_unreachable",
  });
});

it("refuses a server that is too old", async () => {
  const port = await listen(answering("140011"));
  const databaseUrl = `postgresql://someone@127.0.0.1:${port}/tenon`;
  await expect(openDatabase({ databaseUrl, dataDir })).rejects.toMatchObject({
    code: "database_unsupported",
    message: expect.stringContaining("PostgreSQL 14; Tenon needs 15 or newer"),
  });
});
