import type { Observation } from "@tenon/connector";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { comment as watched } from "./comment.ts";

let rig: ActionRig;
let handbook: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
});
afterAll(() => rig.close());

async function add(text: string, parent: object = { page_id: handbook }): Promise<string> {
  const body = { parent, rich_text: [{ text: { content: text } }] };
  return ((await rig.client.request("POST", "/v1/comments", { body })) as { id: string }).id;
}

async function list(since: Date, scope?: string): Promise<Observation[]> {
  const found: Observation[] = [];
  for await (const some of watched.list?.({
    client: rig.client,
    since,
    scope,
    changes: undefined,
  }) ?? []) {
    found.push(...some);
  }
  return found;
}

describe("a comment", () => {
  it("is seen as Notion shows it, with its text, its author and the minute", async () => {
    const id = await add("Good.");
    const seen = await watched.observe({ client: rig.client, id, deep: true });
    expect(seen).toMatchObject({
      id,
      state: {},
      createdBy: expect.any(String),
      result: { object: "comment", text: "Good.", parent: { page_id: handbook } },
    });
    expect(seen?.result).not.toHaveProperty("request_id");
    expect((seen?.createdAt.getTime() ?? 1) % watched.precisionMs).toBe(0);
  });

  it("that is deleted, or not for this connection, is not seen", async () => {
    const id = await add("Gone.");
    const blind = rig.clientOf(await rig.mintToken({ capabilities: { readComments: false } }));
    expect(await watched.observe({ client: blind, id, deep: false })).toBeUndefined();
    await rig.client.request("DELETE", `/v1/comments/${id}`);
    expect(await watched.observe({ client: rig.client, id, deep: false })).toBeUndefined();
  });

  it("that is edited has no change that is followed", () => {
    expect(watched.compare({}, {}, undefined)).toEqual({ changes: [], unknown: [], details: {} });
  });
});

describe("a list of comments", () => {
  it("has those on one page since the minute, the newest first", async () => {
    await rig.changeSettings({ clockOffsetMs: 600_000 });
    const since = new Date(Date.now() + 600_000);
    const first = await add("First");
    await rig.changeSettings({ clockOffsetMs: 660_000 });
    const second = await add("Second");
    const found = await list(since, handbook);
    expect(found.map(({ id }) => id)).toEqual([second, first]);
    expect(await list(new Date(since.getTime() + 600_000), handbook)).toEqual([]);
  });

  it("is empty without a page: Notion lists no others, and is not asked", async () => {
    await rig.forgetRequests();
    expect(await list(new Date(0))).toEqual([]);
    expect(await rig.requests()).toEqual([]);
  });
});
