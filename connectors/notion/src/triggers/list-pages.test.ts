import { type ActionClient, type Observation, ProviderError } from "@tenon/connector";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDatabase } from "../data-sources/testing/make-database.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { minuteMs } from "./minute.ts";
import { page as watched } from "./page.ts";

let rig: ActionRig;
let handbook: string;
let source: Awaited<ReturnType<typeof makeDatabase>>;
/** The workspace's clock is ahead of ours by so many minutes. */
let minute = 0;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
  source = await makeDatabase(rig, [{ name: "Name", type: "title" }]);
});
afterAll(() => rig.close());

/** A minute that nothing happened in so far; gives its begin. */
async function nextMinute(): Promise<Date> {
  minute += 1;
  await rig.changeSettings({ clockOffsetMs: minute * minuteMs });
  return new Date(Math.floor((Date.now() + minute * minuteMs) / minuteMs) * minuteMs);
}

async function make(parent: object = { page_id: handbook }): Promise<string> {
  return ((await rig.client.request("POST", "/v1/pages", { body: { parent } })) as { id: string })
    .id;
}
const item = () => make({ type: "data_source_id", data_source_id: source.id });
const patch = (id: string, body: object) =>
  rig.client.request("PATCH", `/v1/pages/${id}`, { body });

async function list(
  since: Date,
  scope?: string,
  client = rig.client,
  changes?: ReadonlySet<string>,
): Promise<Observation[]> {
  const found: Observation[] = [];
  for await (const some of watched.list?.({ client, since, scope, changes }) ?? []) {
    expect(some.length).toBeGreaterThan(0);
    found.push(...some);
  }
  return found;
}
/** Without the page around them, which is edited with every page that is made in it. */
const idsOf = (found: readonly Observation[]) =>
  found.map(({ id }) => id).filter((id) => id !== handbook);

/** As Notion's older versions answer, which take no such filter. */
function withoutTrash(client: ActionClient): ActionClient {
  const refused = { status: 400, code: "validation_error", requestId: undefined, body: {} };
  return {
    request: async (method: any, path: string, options: any): Promise<any> => {
      if (options.body?.filter?.in_trash)
        throw new ProviderError("body failed validation", refused);
      return client.request(method, path, options);
    },
  };
}

describe("a list of pages", () => {
  it("has those edited since, the last edited first, as a look shows them", async () => {
    await make();
    const since = await nextMinute();
    const first = await make();
    await nextMinute();
    const second = await make();
    const found = await list(since);
    expect(idsOf(found)).toEqual([second, first]);
    const looked = await watched.observe({ client: rig.client, id: second, deep: false });
    expect(found[0]).toEqual(looked);
  });

  it("has a page of the minute that the time is in, though Notion rounds its edit down", async () => {
    const since = await nextMinute();
    const id = await make();
    expect(idsOf(await list(new Date(since.getTime() + minuteMs - 1)))).toEqual([id]);
    expect(idsOf(await list(new Date(since.getTime() + minuteMs)))).toEqual([]);
  });

  it("has what went to the trash, behind the rest", async () => {
    const [kept, thrown] = [await make(), await make()];
    const since = await nextMinute();
    await patch(kept, { icon: { emoji: "🌱" } });
    await patch(thrown, { in_trash: true });
    const found = await list(since);
    expect(idsOf(found)).toEqual([kept, thrown]);
    expect(found.map(({ state }) => state["trash"])).toEqual(["false", "true"]);
  });

  it("goes on over many parts and ends with the first page that is older", async () => {
    await Promise.all(Array.from({ length: 5 }, () => make()));
    const since = await nextMinute();
    const made = await Promise.all(Array.from({ length: 101 }, () => make()));
    await rig.forgetRequests();
    expect(idsOf(await list(since)).toSorted()).toEqual(made.toSorted());
    // Two of what is there and one of the trash.
    expect(await rig.requests()).toHaveLength(3);
  });

  it("leaves the trash alone unless somebody asks for deleted pages", async () => {
    const since = await nextMinute();
    const id = await make();
    await rig.forgetRequests();
    expect(idsOf(await list(since, undefined, rig.client, new Set(["created"])))).toEqual([id]);
    expect(await rig.requests()).toHaveLength(1);
    await list(since, undefined, rig.client, new Set(["deleted"]));
    expect(await rig.requests()).toHaveLength(3);
  });

  it("does without the trash where Notion refuses to search it, and passes on other errors", async () => {
    const since = await nextMinute();
    const id = await make();
    expect(idsOf(await list(since, undefined, withoutTrash(rig.client)))).toEqual([id]);
    await rig.fault({ path: "/v1/search", nth: 2 }, { status: 503 });
    await expect(list(since)).rejects.toMatchObject({ status: 503 });
    await rig.clearFaults();
  });
});

describe("a list of one data source", () => {
  it("has its items alone, also those that search does not know of yet", async () => {
    const since = await nextMinute();
    await rig.changeSettings({ searchLagMs: 3_600_000 });
    await make();
    const first = await item();
    await nextMinute();
    const second = await item();
    expect(idsOf(await list(since))).toEqual([]);
    expect(idsOf(await list(since, source.id))).toEqual([second, first]);
    expect(idsOf(await list(since, source.id.replaceAll("-", "")))).toEqual([second, first]);
    await rig.changeSettings({ searchLagMs: 0 });
  });

  it("has what went to the trash", async () => {
    const id = await item();
    const since = await nextMinute();
    await patch(id, { in_trash: true });
    expect((await list(since, source.id)).map(({ state }) => state["trash"])).toEqual(["true"]);
  });

  it("is that of all data sources where a database is named", async () => {
    const body = {
      parent: { type: "database_id", database_id: source.databaseId },
      properties: { Name: { title: {} } },
    };
    const other = (await rig.client.request("POST", "/v1/data_sources", { body })) as {
      id: string;
    };
    const since = await nextMinute();
    const made = [await item(), await make({ type: "data_source_id", data_source_id: other.id })];
    expect(idsOf(await list(since, source.databaseId)).toSorted()).toEqual(made.toSorted());
  });

  it("throws what Notion says where it is not there", async () => {
    await expect(list(new Date(), crypto.randomUUID())).rejects.toMatchObject({
      code: "object_not_found",
    });
  });

  it("goes beyond the ten thousand that Notion gives of one query", async () => {
    const since = await nextMinute();
    const made: string[] = [];
    for (let part = 0; part < 101; part += 1) {
      await nextMinute();
      made.push(...(await Promise.all(Array.from({ length: 100 }, item))));
    }
    const found = new Set(idsOf(await list(since, source.id)));
    expect(made.filter((id) => !found.has(id))).toEqual([]);
  }, 120_000);
});
