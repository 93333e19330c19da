import type { ActionClient } from "@tenon/connector";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeDatabase, makeItem } from "../data-sources/testing/make-database.ts";
import { fitFileName } from "../files/file-name.ts";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { crashPoints, createStep, type Step } from "../testing/step.ts";
import { getDataSourceItem } from "./get-data-source-item.ts";
import { uploadFile } from "./upload-file.ts";

const mebibyte = 1_024 * 1_024;

let rig: ActionRig;
let page: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  page = await findPageId(rig, "Handbook");
});
beforeEach(async () => {
  await rig.clearFaults();
  await rig.forgetRequests();
});
afterAll(() => rig.close());

function fileValue(name: string, text: string, mimeType = "text/plain"): Record<string, unknown> {
  const data = Buffer.from(text);
  return {
    dataType: "FILE",
    name,
    mimeType,
    size: data.length,
    encoding: "base64",
    data: data.toString("base64"),
  };
}

async function lastBlock(): Promise<any> {
  const answer: any = await rig.client.request("GET", `/v1/blocks/${page}/children`);
  return answer.results.at(-1);
}

async function bytesAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe("a file", () => {
  it("is uploaded from an address and attached as a block of its kind", async () => {
    const file = fileValue("picture.png", "a picture", "image/png");
    await rig.run(uploadFile, { file, attachAs: "block", page });
    const hosted = await lastBlock();
    const { result } = await rig.run(uploadFile, {
      url: hosted.image.file.url,
      name: "copy.png",
      attachAs: "block",
      page,
      caption: "A picture",
    });
    expect(result).toMatchObject({
      status: "uploaded",
      filename: "copy.png",
      content_type: "image/png",
      expiry_time: null,
    });
    const block = await lastBlock();
    expect(block).toMatchObject({
      type: "image",
      image: { caption: [{ plain_text: "A picture" }] },
    });
    expect(await bytesAt(block.image.file.url)).toBe("a picture");
  });

  it("is uploaded from an earlier step's file, under another name", async () => {
    const file = fileValue("notes.txt", "Hellö");
    const { result } = await rig.run(uploadFile, { file, name: "other.txt" });
    expect(result).toMatchObject({ filename: "other.txt", content_length: 6 });
    expect(typeof result.expiry_time).toBe("string");
  });

  it.each([
    ["application/pdf", "pdf"],
    ["video/mp4", "video"],
    ["audio/mpeg", "audio"],
    ["text/plain", "file"],
  ])("of type %s becomes a block of type %s", async (mimeType, type) => {
    const file = fileValue("a.bin", "x", mimeType);
    await rig.run(uploadFile, { file, attachAs: "block", page });
    expect(await lastBlock()).toMatchObject({ type });
  });

  it("is added to a files property, or replaces what is there", async () => {
    const source = await makeDatabase(rig, [{ name: "Files", type: "files" }], "With files");
    const item = await makeItem(rig.client, source.id, {
      Files: { files: [{ name: "old", external: { url: "https://example.com/old" } }] },
    });
    const attach = { attachAs: "property", page: item, property: "files" };
    const names = async (): Promise<string[]> => {
      const { result } = await rig.run(getDataSourceItem, { item });
      return (result.properties["Files"] as { name: string }[]).map(({ name }) => name);
    };
    await rig.run(uploadFile, { file: fileValue("a.txt", "a"), ...attach });
    await rig.run(uploadFile, { file: fileValue("b.txt", "b"), ...attach });
    expect(await names()).toEqual(["old", "a.txt", "b.txt"]);
    await rig.run(uploadFile, { file: fileValue("c.txt", "c"), ...attach, replace: true });
    expect(await names()).toEqual(["c.txt"]);
    const title = { ...attach, property: "Name", file: fileValue("d.txt", "d") };
    await expect(rig.run(uploadFile, title)).rejects.toThrow(
      'Property "Name" (title) takes no files',
    );
  });

  it.each(["icon", "cover"])("becomes a page's %s", async (attachAs) => {
    await rig.run(uploadFile, { file: fileValue("a.png", "x", "image/png"), attachAs, page });
    const read: any = await rig.client.request("GET", `/v1/pages/${page}`);
    expect(read[attachAs]).toMatchObject({ type: "file" });
  });

  it("is uploaded and attached once, wherever the process dies", async () => {
    const input = { file: fileValue("crash.txt", "x"), attachAs: "block", page };
    for (const crash of crashPoints(3)) {
      const before = (await lastBlock()).id;
      await rig.forgetRequests();
      const { result } = await rig.step(uploadFile, input).attemptThrough(crash);
      expect(result).toMatchObject({ status: "uploaded", expiry_time: null });
      expect((await lastBlock()).id).not.toBe(before);
      const appends = (await rig.writes()).filter(({ path }) => path.endsWith("/children"));
      expect(appends).toHaveLength(1);
    }
  });

  it.each([
    ["/v1/file_uploads", "POST"],
    ["/v1/file_uploads/*/send", "POST"],
    ["/v1/blocks/*/children", "PATCH"],
  ])("survives a 503 after %s was saved", async (path, method) => {
    await rig.fault({ method, path, times: 1 }, { status: 503, when: "after_save" });
    const step = rig.step(uploadFile, { file: fileValue("a.txt", "x"), attachAs: "block", page });
    await expect(step.attempt()).rejects.toMatchObject({ status: 503 });
    const count = async (): Promise<number> =>
      ((await rig.client.request("GET", `/v1/blocks/${page}/children`)) as any).results.length;
    const before = await count();
    const { result } = await step.attempt();
    expect(result).toMatchObject({ status: "uploaded", expiry_time: null });
    expect(await count()).toBe(path.startsWith("/v1/blocks") ? before : before + 1);
  });
});

describe("a large file", () => {
  /** The workspace of a paid plan, whose limit Notion tells. */
  const paid: ActionClient = {
    request: (async (...args: Parameters<ActionClient["request"]>) => {
      const answer: any = await rig.client.request(...args);
      if (args[1] !== "/v1/users/me") return answer;
      const limits = { max_file_upload_size_in_bytes: 5_000 * mebibyte };
      return { ...answer, bot: { ...answer.bot, workspace_limits: limits } };
    }) as ActionClient["request"],
  };
  const bytes = new Uint8Array(21 * mebibyte).map((_, index) => index % 251);

  function upload(): Step<any> {
    const download = async () => ({ name: "large.bin", mimeType: "video/mp4", bytes });
    const input = { url: "https://files.example.com/large.bin", attachAs: "block", page };
    return createStep(uploadFile, { input, client: paid, download });
  }

  it("is sent in parts, goes on with the part at which the process died, and is whole in Notion", async () => {
    const step = upload();
    const { result } = await step.attemptThrough({ part: 4, when: "after" });
    expect(result).toMatchObject({ content_length: bytes.length, expiry_time: null });
    expect(step.partNames).toEqual([
      "create upload",
      "send part 1",
      "send part 2",
      "send part 3",
      "complete upload",
      "attach",
    ]);
    // The third part was sent without a known result, and is sent again.
    const sent = (await rig.writes()).filter(({ path }) => path.endsWith("/send"));
    expect(sent).toHaveLength(4);
    const block = await lastBlock();
    const stored = await (await fetch(block.video.file.url)).bytes();
    expect(Buffer.compare(stored, bytes)).toBe(0);
  }, 120_000);

  it("is refused where the workspace does not take it", async () => {
    const file = fileValue("large.txt", "x".repeat(6 * mebibyte));
    const error: any = await rig.run(uploadFile, { file }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_input", details: { limit: 5 * mebibyte } });
    expect(error.message).toContain(
      'The file "large.txt" has 6 MiB; the Notion workspace takes files of at most 5 MiB.',
    );
    expect(await rig.writes()).toEqual([]);
  });
});

describe("an upload is refused", () => {
  const file = fileValue("a.txt", "x");

  it.each<[object, string]>([
    [{}, "one of them"],
    [{ file, url: "https://example.com/a" }, "not both"],
    [{ url: "ftp://example.com/a" }, "Invalid URL"],
    [{ file: { ...file, data: "%%%" } }, "is not base64"],
    [{ file: { ...file, size: 2 } }, "holds 1 bytes, not 2"],
    [{ file, attachAs: "block" }, "Choose the page"],
    [
      { file, attachAs: "property", page: "11111111-1111-4111-8111-111111111111" },
      "Name the files property",
    ],
    [{ file, attachAs: "icon", page: "My page" }, "is no page id"],
  ])("%#: %j", async (input, message) => {
    await expect(rig.run(uploadFile, { ...input })).rejects.toThrow(message);
    expect(await rig.writes()).toEqual([]);
  });
});

it("a name over 900 bytes is cut before its extension, between letters", () => {
  expect(fitFileName("short.txt")).toBe("short.txt");
  const cut = fitFileName(`${"ä".repeat(600)}.tar.gz`);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(900);
  expect(cut).toMatch(/^ä+\.gz$/);
});
