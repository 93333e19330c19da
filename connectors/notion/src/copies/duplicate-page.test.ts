import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { appendBlocks } from "../actions/append-blocks.ts";
import { createPage } from "../actions/create-page.ts";
import { duplicatePage } from "../actions/duplicate-page.ts";
import { getPage } from "../actions/get-page.ts";
import { getPageContent } from "../actions/get-page-content.ts";
import { updatePage } from "../actions/update-page.ts";
import { sendFile } from "../files/upload.ts";
import { titleOf } from "../pages/page-title.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findExampleDataSource, findPageId } from "../testing/find-by-title.ts";
import { crashPoints } from "../testing/step.ts";

let rig: ActionRig;
let handbook: string;
let dataSourceId: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
  ({ dataSourceId } = await findExampleDataSource(rig.client));
});
afterAll(() => rig.close());
beforeEach(() => rig.clearFaults());

async function upload(name: string, text: string): Promise<Record<string, unknown>> {
  const bytes = new TextEncoder().encode(text);
  const once = <T>(_: string, part: () => Promise<T>): Promise<T> => part();
  const { id } = await sendFile(
    { client: rig.client, once },
    { name, mimeType: "text/plain", bytes },
  );
  return { type: "file_upload", file_upload: { id } };
}

const FileBlock = z.object({ file: z.object({ file: z.object({ url: z.string() }) }) });

function urlOf(block: unknown): string {
  return FileBlock.parse(block).file.file.url;
}

/** A page's blocks without what differs between two pages of the same content. */
async function contentOf(blockId: string): Promise<unknown[]> {
  const { result } = await rig.run(getPageContent, { blockId });
  const bare = (blocks: typeof result): unknown[] =>
    blocks.map(({ type, children, ...block }) => [type, block[type], bare(children ?? [])]);
  return bare(result);
}

describe("duplicate-page", () => {
  test.each(["Welcome to Acme", "Kick-off, spring release", "Weekly, 12 May"])(
    "copies %s with all its blocks",
    async (title) => {
      const pageId = await findPageId(rig, title);
      const { result, notCopied } = await rig.run(duplicatePage, { pageId, parent: handbook });
      expect(titleOf(result)).toBe(title);
      expect(notCopied).toEqual([]);
      expect(await contentOf(result.id)).toEqual(await contentOf(pageId));
      const { result: page } = await rig.run(getPage, { pageId });
      expect(result.icon).toEqual(page.icon);
    },
  );

  test("links to the pages and databases on it, and says so", async () => {
    const pageId = await findPageId(rig, "Roadmap");
    const { result, notCopied } = await rig.run(duplicatePage, { pageId, parent: handbook });
    expect(notCopied).toEqual([
      expect.objectContaining({ type: "child_database", reason: expect.stringContaining("links") }),
    ]);
    const { result: blocks } = await rig.run(getPageContent, { blockId: result.id });
    expect(blocks.at(-1)).toMatchObject({
      type: "link_to_page",
      link_to_page: { database_id: notCopied[0]?.id },
    });
  });

  test("copies a row beside the row, with its values and a title of its own", async () => {
    const pageId = await findPageId(rig, "Import in the background");
    const { result, notCopied } = await rig.run(duplicatePage, { pageId, title: "Again" });
    const { result: row } = await rig.run(getPage, { pageId });
    expect(result.parent).toEqual(row.parent);
    expect({ ...result.properties, Task: null }).toEqual({ ...row.properties, Task: null });
    expect(titleOf(result)).toBe("Again");
    expect(notCopied).toEqual([]);
  });

  test("names the values that have no place where the copy is", async () => {
    const pageId = await findPageId(rig, "Read old files");
    const { result, notCopied } = await rig.run(duplicatePage, { pageId, parent: handbook });
    expect(titleOf(result)).toBe("Read old files");
    expect(new Set(notCopied.map(({ name }) => name))).toEqual(
      new Set(["Area", "Days", "Due", "Owner", "Reviewed", "Stage"]),
    );
  });

  test("uploads hosted files anew, and names one that cannot be had", async () => {
    const { result: page } = await rig.run(createPage, { parent: handbook, title: "Files" });
    await rig.run(updatePage, { pageId: page.id, cover: await upload("cover.txt", "cover") });
    const outside = { type: "external", external: { url: "https://example.com/a.png" } };
    await rig.run(appendBlocks, {
      blockId: page.id,
      children: [
        { type: "file", file: { ...(await upload("notes.txt", "kept")), name: "notes.txt" } },
        { type: "image", image: outside },
        { type: "file", file: { ...(await upload("lost.txt", "lost")), name: "lost.txt" } },
      ],
    });
    await rig.fault({ method: "POST", path: "/v1/file_uploads", nth: 3 }, { status: 400 });
    const { result, notCopied } = await rig.run(duplicatePage, { pageId: page.id });
    const { result: blocks } = await rig.run(getPageContent, { blockId: result.id });
    expect(blocks.map(({ type }) => type)).toEqual(["file", "image"]);
    const { result: originals } = await rig.run(getPageContent, { blockId: page.id });
    const url = urlOf(blocks[0]);
    expect(url.split("?")[0]).not.toBe(urlOf(originals[0]).split("?")[0]);
    expect(await (await fetch(url)).text()).toBe("kept");
    expect(result.cover).toMatchObject({ type: "file" });
    expect(notCopied).toEqual([
      {
        id: originals[2]?.id,
        type: "file",
        reason: expect.stringContaining("could not be copied"),
      },
    ]);
  });

  test("at any point of a crash, there is one copy with all its content", async () => {
    const { result: home } = await rig.run(createPage, { parent: handbook, title: "Copies" });
    const { result: source } = await rig.run(createPage, { parent: home.id, title: "Source" });
    const deep = (level: number): Record<string, unknown> => ({
      type: "toggle",
      toggle: {
        rich_text: [{ text: { content: `level ${level}` } }],
        ...(level > 0 && { children: [deep(level - 1), deep(0)] }),
      },
    });
    const many = Array.from({ length: 105 }, () => deep(0));
    const file = { type: "file", file: await upload("notes.txt", "kept") };
    await rig.run(appendBlocks, { blockId: source.id, children: [file, ...many, deep(4)] });
    const shape = async (id: string): Promise<unknown> =>
      JSON.parse(
        JSON.stringify(await contentOf(id), (key, value) => (key === "file" ? null : value)),
      );
    const wanted = await shape(source.id);
    const whole = rig.step(duplicatePage, { pageId: source.id, title: "Whole" });
    await whole.attempt();
    expect(whole.partsDone).toBeGreaterThan(6);
    for (const point of crashPoints(whole.partsDone)) {
      const title = `Crash ${point.part} ${point.when}`;
      const { result } = await rig
        .step(duplicatePage, { pageId: source.id, title })
        .attemptThrough(point);
      expect(await shape(result.id), title).toEqual(wanted);
    }
    const { result: pages } = await rig.run(getPageContent, { blockId: home.id, depth: 1 });
    expect(pages).toHaveLength(2 + 2 * whole.partsDone);
  });

  test("more references than a page shows are all copied", async () => {
    await rig.client.request("PATCH", `/v1/data_sources/${dataSourceId}`, {
      body: {
        properties: { Linked: { relation: { data_source_id: dataSourceId, single_property: {} } } },
      },
    });
    const ids: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const title = `Target ${index}`;
      ids.push((await rig.run(createPage, { parent: dataSourceId, title })).result.id);
    }
    const { result: source } = await rig.run(createPage, {
      parent: dataSourceId,
      title: "Source",
      properties: { Linked: ids },
    });
    const { result } = await rig.run(duplicatePage, { pageId: source.id, title: "Copy" });
    const { id } = result.properties?.["Linked"] ?? { id: "" };
    const answer = await rig.client.request("GET", `/v1/pages/${result.id}/properties/${id}`);
    expect((answer as { results: unknown[] }).results).toHaveLength(40);
  });
});
