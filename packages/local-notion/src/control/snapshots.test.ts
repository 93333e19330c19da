import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "local-notion-snapshots-"));
  workspace = await openWorkspace({ dataFile: join(folder, "data.jsonl") });
});
afterEach(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true });
});

const create = (name: string) => workspace.call("POST", "/_local/snapshots", { body: { name } });
const restore = (name: string) =>
  workspace.call("POST", `/_local/snapshots/${encodeURIComponent(name)}/restore`);
const titles = async () => {
  const { results } = await workspace.client().search({});
  return results.length;
};
const addPage = async (title: string) => {
  const { results } = await workspace.client().search({ query: "Roadmap" });
  const body = {
    parent: { page_id: results[0]?.id },
    properties: { title: [{ text: { content: title } }] },
  };
  return workspace.call("POST", "/v1/pages", { body });
};

describe("a snapshot", () => {
  it("brings back pages, tokens, files and settings, as often as wanted", async () => {
    const upload = await workspace.client().fileUploads.create({ filename: "a.txt" });
    await create("before all");
    const before = await titles();
    for (const _ of [1, 2]) {
      const page = await addPage("Made later");
      expect(page.status).toBe(200);
      const minted = await workspace.call("POST", "/_local/tokens");
      await workspace.call("PATCH", "/_local/settings", { body: { searchLagMs: 1 } });
      await workspace.client().fileUploads.send({
        file_upload_id: upload.id,
        file: { filename: "a.txt", data: new Blob(["first"], { type: "text/plain" }) },
      });
      expect((await restore("before all")).status).toBe(200);

      expect(await titles()).toBe(before);
      const { client } = workspace;
      const again = await client().fileUploads.retrieve({ file_upload_id: upload.id });
      expect(again.status).toBe("pending");
      const token = minted.body["token"];
      expect((await workspace.call("GET", "/v1/users/me", { token })).status).toBe(401);
      const settings = await workspace.call("GET", "/_local/settings");
      expect(settings.body["searchLagMs"]).toBe(0);
    }
  });

  it("is what the journal tells after a restart once it is restored", async () => {
    await create("empty handed");
    const before = await titles();
    await addPage("Made later");
    await restore("empty handed");
    const { token } = workspace;
    await workspace.close();
    workspace = await openWorkspace({ dataFile: join(folder, "data.jsonl") });
    const { results } = await workspace.client("2026-03-11", token).search({});
    expect(results).toHaveLength(before);
    expect((await workspace.call("GET", "/_local/snapshots")).body).toEqual([]);
  });

  it("is listed, replaced by one of the same name, and deleted", async () => {
    await create("one");
    await create("two");
    await addPage("Another");
    const { body } = await create("one");
    const list = await workspace.call("GET", "/_local/snapshots");
    expect(list.body).toEqual([expect.objectContaining({ name: "two" }), body]);
    expect(list.body[1].records).toBeGreaterThan(list.body[0].records);
    await workspace.call("DELETE", "/_local/snapshots/two");
    const missing = await restore("two");
    expect(missing.status).toBe(404);
    expect(missing.body["message"]).toContain("There is no snapshot two.");
  });

  it("has nothing to do with faults and counted requests, which a restore ends", async () => {
    await create("clean");
    await workspace.call("POST", "/_local/faults", {
      // oxlint-disable-next-line unicorn/no-thenable -- a request's body, which nobody awaits
      body: { then: { status: 500 } },
    });
    expect((await workspace.call("GET", "/v1/users/me")).status).toBe(500);
    await restore("clean");
    expect((await workspace.call("GET", "/v1/users/me")).status).toBe(200);
  });

  it("survives a reset", async () => {
    await create("full");
    const before = await titles();
    await workspace.call("POST", "/_local/reset");
    expect((await workspace.call("GET", "/v1/users/me")).status).toBe(401);
    await restore("full");
    expect(await titles()).toBe(before);
  });
});
