import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;
let home: string;

beforeAll(async () => {
  workspace = await openWorkspace();
  home = (await workspace.client().search({ query: "Roadmap" })).results[0]?.id ?? "";
});
afterAll(() => workspace.close());

async function add(title: string): Promise<string> {
  const { id } = await workspace.client().pages.create({
    parent: { page_id: home },
    properties: { title: { title: [{ text: { content: title } }] } },
  });
  return id;
}

async function found(query: string): Promise<string[]> {
  const { results } = await workspace.client().search({ query });
  return results.map(({ id }) => id);
}

it("finds by beginnings of words, plurals by their singular, and forgets old titles", async () => {
  const id = await add("Zebra-crossings über x7");
  for (const query of ["zeb", "Z", "crossing", "CROSSINGS", "über", "zebras nothing", "x"]) {
    expect(await found(query)).toContain(id);
  }
  for (const query of ["ebra", "zebu", "xx"]) expect(await found(query)).not.toContain(id);
  await workspace.client().pages.update({
    page_id: id,
    properties: { title: { title: [{ text: { content: "Okapi" } }] } },
  });
  expect(await found("zebra")).not.toContain(id);
  expect(await found("okapi")).toEqual([id]);
});

it("pages through what is found, and refuses a cursor that is none of it", async () => {
  const made = [];
  for (let index = 0; index < 7; index += 1) made.push(await add(`Quokka ${index}`));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await workspace
      .client()
      .search({ query: "quokka", page_size: 3, ...(cursor ? { start_cursor: cursor } : {}) });
    seen.push(...page.results.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(made.toReversed());
  const wrong = await workspace.call("POST", "/v1/search", {
    body: { query: "quokka", start_cursor: home },
  });
  expect(wrong.body["message"]).toContain("The start_cursor provided is invalid");
});
