import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { appendBlocks } from "../actions/append-blocks.ts";
import { createPage } from "../actions/create-page.ts";
import { getPageContent } from "../actions/get-page-content.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { crashPoints } from "../testing/step.ts";

let rig: ActionRig;
let pageId: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.clearFaults();
  pageId = await newPage("Subject");
});

async function newPage(title: string): Promise<string> {
  const { result } = await rig.run(createPage, { parent: await topPage(), title });
  await rig.forgetRequests();
  return result.id;
}

async function topPage(): Promise<string> {
  const { results } = (await rig.client.request("POST", "/v1/search", {
    body: { query: "Handbook" },
  })) as { results: { id: string }[] };
  return results[0]?.id ?? "";
}

/** An outline: texts, each with those below it. */
type Outline = [string, Outline[]];

const leaf = (text: string): Outline => [text, []];

function toBlock([text, below]: Outline): Record<string, unknown> {
  const content = { rich_text: [{ text: { content: text } }] };
  return {
    type: "bulleted_list_item",
    bulleted_list_item: below.length > 0 ? { ...content, children: below.map(toBlock) } : content,
  };
}

/** What is on a page, as texts with those below them; of other blocks the type. */
async function outlineOf(id: string): Promise<Outline[]> {
  const { result } = await rig.run(getPageContent, { blockId: id });
  const read = (blocks: typeof result): Outline[] =>
    blocks.map((block) => [textOf(block), read(block.children ?? [])]);
  return read(result);
}

function textOf(block: Record<string, any>): string {
  const content = block[block["type"]];
  if (content.cells) return content.cells.map((cell: any[]) => join(cell)).join("|");
  return content.rich_text ? join(content.rich_text) : `(${block["type"]})`;
}

function join(items: { plain_text: string }[]): string {
  return items.map(({ plain_text: text }) => text).join("");
}

/** So many levels, each the child of the one before. */
function deep(levels: number, name = "level"): Outline {
  return levels === 1
    ? leaf(`${name} 1`)
    : [`${name} ${levels}`, [deep(levels - 1, name), leaf(`${name} ${levels - 1}b`)]];
}

describe("limits of a request", () => {
  test("250 blocks go in three requests, in order", async () => {
    const outline = Array.from({ length: 250 }, (_, index) => leaf(`line ${index}`));
    const { result } = await rig.run(appendBlocks, {
      blockId: pageId,
      children: outline.map(toBlock),
    });
    expect(result).toHaveLength(250);
    expect(await rig.writes()).toHaveLength(3);
    expect(await outlineOf(pageId)).toEqual(outline);
  });

  test("seven levels of nesting are made level by level", async () => {
    const outline = [deep(7, "a"), leaf("between"), deep(5, "b")];
    await rig.run(appendBlocks, { blockId: pageId, children: outline.map(toBlock) });
    expect(await outlineOf(pageId)).toEqual(outline);
  });

  test("more than 1,000 blocks and more than 100 children of one are split", async () => {
    const outline = Array.from({ length: 12 }, (_, index): Outline => [
      `group ${index}`,
      Array.from({ length: index === 3 ? 230 : 95 }, (__, child) => leaf(`${index}.${child}`)),
    ]);
    await rig.run(appendBlocks, { blockId: pageId, children: outline.map(toBlock) });
    expect(await outlineOf(pageId)).toEqual(outline);
  });

  test("500 KB are not exceeded, also where letters take several bytes", async () => {
    const outline = Array.from({ length: 20 }, (_, index) =>
      leaf(`${index} ${"漢".repeat(90_000)}`),
    );
    await rig.run(appendBlocks, { blockId: pageId, children: outline.map(toBlock) });
    const written = await outlineOf(pageId);
    expect(written.map(([text]) => text).join("")).toBe(outline.map(([text]) => text).join(""));
    const refused = (await rig.requests()).filter(({ status }) => status === 413 || status === 400);
    expect(refused).toEqual([]);
  });

  test("a text of 450,000 characters becomes blocks of its kind, its children with the last", async () => {
    const text = "0123456789".repeat(45_000);
    await rig.run(appendBlocks, { blockId: pageId, children: [toBlock([text, [leaf("below")]])] });
    const written = await outlineOf(pageId);
    expect(written.map(([part]) => part).join("")).toBe(text);
    expect(written.map(([, below]) => below.length)).toEqual([0, 0, 1]);
  });

  test("a table of 260 rows and columns with deep content arrive whole", async () => {
    const row = (index: number): Outline => leaf(`r${index}|c`);
    const table = {
      type: "table",
      table: {
        table_width: 2,
        children: Array.from({ length: 260 }, (_, index) => ({
          type: "table_row",
          table_row: {
            cells: [[{ text: { content: `r${index}` } }], [{ text: { content: "c" } }]],
          },
        })),
      },
    };
    const columns = {
      type: "column_list",
      column_list: {
        children: [
          { type: "column", column: { children: [toBlock(deep(5, "left")), toBlock(leaf("l2"))] } },
          { type: "column", column: { children: [toBlock(leaf("right")), toBlock(deep(4, "r"))] } },
        ],
      },
    };
    const toggle = { type: "toggle", toggle: { rich_text: [], children: [columns, table] } };
    await rig.run(appendBlocks, { blockId: pageId, children: [table, columns, toggle] });
    const tableOutline: Outline = ["(table)", Array.from({ length: 260 }, (_, at) => row(at))];
    const columnsOutline: Outline = [
      "(column_list)",
      [
        ["(column)", [deep(5, "left"), leaf("l2")]],
        ["(column)", [leaf("right"), deep(4, "r")]],
      ],
    ];
    expect(await outlineOf(pageId)).toEqual([
      tableOutline,
      columnsOutline,
      ["", [columnsOutline, tableOutline]],
    ]);
  });

  test("what get-page-content gives is taken as it is", async () => {
    const outline = [deep(4), leaf("end")];
    await rig.run(appendBlocks, { blockId: pageId, children: outline.map(toBlock) });
    const { result } = await rig.run(getPageContent, { blockId: pageId });
    const copyId = await newPage("Copy");
    await rig.run(appendBlocks, { blockId: copyId, children: JSON.stringify(result) });
    expect(await outlineOf(copyId)).toEqual(outline);
  });
});

describe("position", () => {
  beforeEach(async () => {
    await rig.run(appendBlocks, { blockId: pageId, text: "one\ntwo" });
  });

  test("blocks of several requests stand in order at the start, and after a block", async () => {
    const lines = Array.from({ length: 120 }, (_, index) => `s${index}`);
    await rig.run(appendBlocks, { blockId: pageId, text: lines.join("\n"), position: "start" });
    expect((await outlineOf(pageId)).map(([text]) => text)).toEqual([...lines, "one", "two"]);
    const { result } = await rig.run(getPageContent, { blockId: pageId });
    const after = result.at(-2)?.id;
    await rig.run(appendBlocks, { blockId: pageId, text: lines.join("\n"), after });
    expect((await outlineOf(pageId)).map(([text]) => text)).toEqual([
      ...lines,
      "one",
      ...lines,
      "two",
    ]);
  });

  test("a block that is elsewhere is refused before anything is written", async () => {
    const elsewhere = await newPage("Elsewhere");
    const step = rig.run(appendBlocks, { blockId: pageId, text: "x", after: elsewhere });
    await expect(step).rejects.toThrow("is not one of the direct children");
    expect(await rig.writes()).toEqual([]);
  });
});

describe("after a crash", () => {
  const outline = [
    ...Array.from({ length: 101 }, (_, index) => leaf(`line ${index}`)),
    deep(5),
    leaf("line 0"),
  ];

  test.each(["end", "start"] as const)(
    "at any point, blocks at the %s are there once",
    async (position) => {
      const input = { children: outline.map(toBlock), position };
      const before = [leaf("line 0"), leaf("there before"), leaf("line 0")];
      const prepare = async (): Promise<string> => {
        const id = await newPage(`Crash ${position}`);
        await rig.run(appendBlocks, { blockId: id, children: before.map(toBlock) });
        return id;
      };
      const whole = rig.step(appendBlocks, { ...input, blockId: await prepare() });
      await whole.attempt();
      expect(whole.partsDone).toBeGreaterThan(4);
      const wanted = position === "end" ? [...before, ...outline] : [...outline, ...before];
      for (const point of crashPoints(whole.partsDone)) {
        const blockId = await prepare();
        const { result } = await rig
          .step(appendBlocks, { ...input, blockId })
          .attemptThrough(point);
        expect(await outlineOf(blockId), JSON.stringify(point)).toEqual(wanted);
        expect(result.map((block) => textOf(block))).toEqual(outline.map(([text]) => text));
      }
    },
  );

  test("between two columns and within them, at any point", async () => {
    const column = (name: string) => ({
      type: "column",
      column: { children: [toBlock(deep(4, name)), toBlock(leaf("same")), toBlock(leaf("same"))] },
    });
    const children = [
      { type: "column_list", column_list: { children: [column("a"), column("b")] } },
    ];
    const whole = rig.step(appendBlocks, { blockId: pageId, children });
    await whole.attempt();
    const wanted = await outlineOf(pageId);
    for (const point of crashPoints(whole.partsDone)) {
      const blockId = await newPage("Columns");
      await rig.step(appendBlocks, { blockId, children }).attemptThrough(point);
      expect(await outlineOf(blockId), JSON.stringify(point)).toEqual(wanted);
    }
  });

  test("what others append meanwhile does no harm", async () => {
    const step = rig.step(appendBlocks, { blockId: pageId, text: "mine" });
    await expect(step.attempt({ part: 2, when: "after" })).rejects.toThrow("part 2");
    await rig.run(appendBlocks, { blockId: pageId, text: "theirs" });
    await step.attempt();
    expect((await outlineOf(pageId)).map(([text]) => text)).toEqual(["mine", "theirs"]);
  });

  test("on a page too long to look at beforehand, what is there in doubt is not repeated", async () => {
    const lines = Array.from({ length: 520 }, (_, index) => `line ${index}`).join("\n");
    await rig.run(appendBlocks, { blockId: pageId, text: lines });
    const done = rig.step(appendBlocks, { blockId: pageId, text: "last" });
    await expect(done.attempt({ part: 2, when: "after" })).rejects.toThrow("part 2");
    await expect(done.attempt()).rejects.toMatchObject({ code: "outcome_unknown" });
    const undone = rig.step(appendBlocks, { blockId: pageId, text: "very last" });
    await undone.attemptThrough({ part: 2, when: "before" });
    const texts = (await outlineOf(pageId)).map(([text]) => text);
    expect(texts.slice(-2)).toEqual(["last", "very last"]);
  });
});

describe("faults of Notion", () => {
  const path = "/v1/blocks/*/children";

  test("503 after saving: the next attempt finds the blocks", async () => {
    const step = rig.step(appendBlocks, { blockId: pageId, text: "once" });
    await rig.fault({ method: "PATCH", path, nth: 1 }, { status: 503, when: "after_save" });
    await expect(step.attempt()).rejects.toMatchObject({ status: 503 });
    await step.attempt();
    expect(await outlineOf(pageId)).toEqual([leaf("once")]);
  });

  test.each([
    [429, { status: 429, retryAfter: 2 }],
    [409, { status: 409 }],
    [502, { status: 502, html: true }],
  ])("%i: the next attempt sends them", async (status, outcome) => {
    const step = rig.step(appendBlocks, { blockId: pageId, text: "once" });
    await rig.fault({ method: "PATCH", path, nth: 1 }, outcome);
    await expect(step.attempt()).rejects.toMatchObject({ status });
    await step.attempt();
    expect(await outlineOf(pageId)).toEqual([leaf("once")]);
  });
});

test("an empty request is refused", async () => {
  await expect(rig.run(appendBlocks, { blockId: pageId, text: " " })).rejects.toThrow("nothing to");
});

test("what is no block is named", async () => {
  const children = [{ type: "paragraph", paragraph: { children: [{ object: "block" }] } }];
  await expect(rig.run(appendBlocks, { blockId: pageId, children })).rejects.toThrow(
    "Blocks[0].children[0] is no block",
  );
});
