import { randomUUID } from "node:crypto";
import {
  createKeyRingText,
  createSealer,
  parseKeyRing,
  resealDataKeys,
  type Sealer,
} from "@tenon/connections";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChangeFeed, type DatabaseChangeFeed } from "../change-feed.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createDataKeyStore } from "./data-key-store.ts";

let database: TestDatabase;
let changeFeed: DatabaseChangeFeed;
const oldKey = createKeyRingText("old");
const newKey = createKeyRingText("new");
const place = { table: "connections", column: "sealed_tokens", rowId: "row-1" };

beforeAll(async () => {
  database = await createTestDatabase();
  changeFeed = createChangeFeed(database.connectionConfig);
  await changeFeed.ready;
});
afterAll(async () => {
  await changeFeed.stop();
  await database[Symbol.asyncDispose]();
});

const dataKeys = () => createDataKeyStore(database.kysely);

function sealerWith(keyRing: string): Sealer {
  return createSealer({ keyRing: parseKeyRing(keyRing), dataKeys: dataKeys(), changeFeed });
}

async function createProject(sealer: Sealer): Promise<string> {
  const id = randomUUID();
  const sealed_data_key = sealer.createDataKey(id);
  await database.kysely
    .insertInto("projects")
    .values({ id, title: "Test", sealed_data_key })
    .execute();
  return id;
}

test("a secret opens in its place and nowhere else", async () => {
  const sealer = sealerWith(oldKey);
  const projectId = await createProject(sealer);
  const sealed = await sealer.seal(projectId, place, "secret");
  expect(await sealer.open(projectId, place, sealed)).toBe("secret");
  for (const elsewhere of [
    { ...place, rowId: "row-2" },
    { ...place, column: "sealed_client_secret" },
    { ...place, table: "integrations" },
  ]) {
    await expect(sealer.open(projectId, elsewhere, sealed)).rejects.toMatchObject({
      name: "SealingError",
      code: "unreadable",
    });
  }
});

test("a secret does not open in another project, not even with the data key moved there too", async () => {
  const sealer = sealerWith(oldKey);
  const [mine, theirs] = [await createProject(sealer), await createProject(sealer)];
  const sealed = await sealer.seal(mine, place, "secret");
  await expect(sealer.open(theirs, place, sealed)).rejects.toMatchObject({ code: "unreadable" });
  const stolen = await dataKeys().find(mine);
  await database.kysely
    .updateTable("projects")
    .set({ sealed_data_key: stolen })
    .where("id", "=", theirs)
    .execute();
  await expect(sealerWith(oldKey).open(theirs, place, sealed)).rejects.toMatchObject({
    code: "unreadable",
  });
  await database.kysely.deleteFrom("projects").where("id", "=", theirs).execute();
});

test("the data key is in memory after its first use", async () => {
  const sealer = sealerWith(oldKey);
  const projectId = await createProject(sealer);
  await expect.poll(() => sealer.forProject(projectId)).not.toBeInstanceOf(Promise);
});

test("a project that is deleted loses its data key in memory", async () => {
  const sealer = sealerWith(oldKey);
  const projectId = await createProject(sealer);
  await sealer.forProject(projectId);
  await database.kysely.deleteFrom("projects").where("id", "=", projectId).execute();
  await expect
    .poll(() => sealer.seal(projectId, place, "x").catch((error: unknown) => error))
    .toMatchObject({ code: "data_key_missing" });
});

test("a data key under an unknown key is refused with that key's name", async () => {
  const projectId = await createProject(sealerWith(oldKey));
  await expect(sealerWith(newKey).seal(projectId, place, "x")).rejects.toMatchObject({
    code: "key_unknown",
    message: expect.stringContaining('key "old"'),
  });
});

test("keys are rotated while secrets are in use, and then the old key is not needed", async () => {
  const before = sealerWith(oldKey);
  const projectIds = await Promise.all(Array.from({ length: 130 }, () => createProject(before)));
  const sealed = await Promise.all(projectIds.map((id) => before.seal(id, place, `of ${id}`)));
  const during = `${newKey},${oldKey}`;
  const rotated = new AbortController();
  const inUse = (async () => {
    let opened = 0;
    while (!rotated.signal.aborted) {
      const index = opened % projectIds.length;
      const [id, value] = [projectIds[index], sealed[index]];
      if (id === undefined || value === undefined) throw new Error("out of range");
      expect(await sealerWith(during).open(id, place, value)).toBe(`of ${id}`);
      opened += 1;
    }
    return opened;
  })();
  const options = { keyRing: parseKeyRing(during), dataKeys: dataKeys() };
  const first = await resealDataKeys(options);
  rotated.abort();
  expect(await inUse).toBeGreaterThan(0);
  expect(first.moved).toBeGreaterThanOrEqual(projectIds.length);
  expect(first.failed).toEqual([]);
  const again = { moved: 0, kept: first.moved + first.kept, failed: [] };
  expect(await resealDataKeys(options)).toEqual(again);

  const after = sealerWith(newKey);
  const opened = await Promise.all(
    projectIds.map((id, index) => after.open(id, place, sealed[index] ?? Buffer.of())),
  );
  expect(opened).toEqual(projectIds.map((id) => `of ${id}`));
  const [projectId = ""] = projectIds;
  await expect(sealerWith(oldKey).seal(projectId, place, "x")).rejects.toThrow('key "new"');
});

test("a data key whose key is missing is named, and the others are moved", async () => {
  const lost = await createProject(sealerWith(createKeyRingText("lost")));
  const found = await createProject(sealerWith(oldKey));
  const keyRing = parseKeyRing(`${newKey},${oldKey}`);
  const { failed } = await resealDataKeys({ keyRing, dataKeys: dataKeys() });
  expect(failed).toEqual([{ projectId: lost, message: expect.stringContaining('key "lost"') }]);
  await expect(sealerWith(newKey).seal(found, place, "x")).resolves.toBeInstanceOf(Buffer);
});
