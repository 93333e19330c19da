import { afterAll, beforeAll, expect, it } from "vitest";
import { person } from "../data-sources/testing/make-database.ts";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { getBotUser } from "./get-bot-user.ts";
import { getUser } from "./get-user.ts";
import { listUsers } from "./list-users.ts";

let rig: ActionRig;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
});
afterAll(() => rig.close());

it("people and bots are listed, together or apart", async () => {
  const everyone = (await rig.run(listUsers, {})).result;
  const people = (await rig.run(listUsers, { kind: "people" })).result;
  const bots = (await rig.run(listUsers, { kind: "bots" })).result;
  expect(people.map(({ name }) => name)).toEqual(["Ada Acker", "Ben Brook"]);
  expect(bots.every(({ type }) => type === "bot")).toBe(true);
  expect(everyone).toHaveLength(people.length + bots.length);
  expect((await rig.run(listUsers, { limit: 1 })).result).toHaveLength(1);
  expect((await rig.run(listUsers, { kind: "bots", limit: 1 })).result).toHaveLength(1);
});

it("a person is read by id, e-mail address or name", async () => {
  for (const user of [person.ada, "ADA@acme.example", "Ada Acker"]) {
    expect((await rig.run(getUser, { user })).result.id).toBe(person.ada);
  }
});

it("a person who is not there is told apart from one who cannot be seen", async () => {
  await expect(rig.run(getUser, { user: "eve@acme.example" })).rejects.toThrow(
    'User "eve@acme.example" was not found: this connection sees no such person',
  );
  const id = "11111111-1111-4111-8111-111111111111";
  await expect(rig.run(getUser, { user: id })).rejects.toThrow(`sees no user ${id}`);
  const token = await rig.mintToken({ capabilities: { users: "none" } });
  await expect(rig.run(listUsers, {}, rig.clientOf(token))).rejects.toThrow(
    'lacks the capability "Read user information"',
  );
});

it("the bot is read with the workspace's limits", async () => {
  const { result } = await rig.run(getBotUser, {});
  expect(result.bot?.workspace_limits?.max_file_upload_size_in_bytes).toBeGreaterThan(0);
});
