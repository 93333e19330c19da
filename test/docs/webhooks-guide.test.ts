import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { notion } from "@tenon/notion";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";
import { codeBlocks, readPage } from "./markdown.ts";

let tenon: TestTenon;
let guide: string;
beforeAll(async () => {
  tenon = await startTestTenon();
  guide = (await readPage("docs/webhooks-from-notion.md")).text;
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

/** Runs commands of the guide in one shell, with those of its first block replaced. */
async function run(commands: readonly string[]): Promise<string> {
  const base = `${tenon.url}/api/projects/${tenon.projectId}`;
  const script = [`base=${base}`, `key=${tenon.instanceKey}`, ...commands].join("\n");
  const child = spawn("bash", ["-euc", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect(code).toBe(0);
  return output;
}

async function local(path: string, body: object) {
  const response = await fetch(`${tenon.localNotion.url}/_local/webhooks${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json() as Promise<{ id: string; status: string }>;
}

it("the guide's commands lead from nothing to a verified subscription", async () => {
  const [, show = "", read = "", activate = "", list = ""] = codeBlocks(guide, "sh");
  const shown = JSON.parse(await run([show]));
  expect(shown).toMatchObject({ status: "inactive", url: expect.stringContaining("/webhooks/") });
  const { id } = await local("", { url: shown.url });
  const token = (await run([read])).trim();
  expect(await local(`/${id}/verify`, { verification_token: token })).toMatchObject({
    status: "active",
  });
  const output = await run([read, activate]);
  expect(JSON.parse(output.slice(token.length))).toMatchObject({ status: "active" });
  expect(JSON.parse(await run([list]))).toMatchObject({ events: [] });
});

it("the guide names the events that triggers need, and no others", () => {
  const [, chosen = ""] = /Those that triggers need are ([^]*?)\. Others/.exec(guide) ?? [];
  const named = [...chosen.matchAll(/`([a-z_.]+)`/g)].map(([, name = ""]) => name);
  const isNeeded = (type: string) =>
    notion.watch?.webhook.read({ type, entity: { id: "x", type: "page" }, data: {} }) !== undefined;
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((type) => !isNeeded(type))).toEqual([]);
  expect(eventTypes.filter(isNeeded).toSorted()).toEqual(named.toSorted());
});

/** All that Notion has. */
const eventTypes = [
  ...["created", "content_updated", "properties_updated", "moved", "deleted", "undeleted"].map(
    (name) => `page.${name}`,
  ),
  ...["locked", "unlocked", "transcription_block.transcript_deleted"].map((name) => `page.${name}`),
  ...["database", "data_source"].flatMap((kind) =>
    ["created", "content_updated", "schema_updated", "moved", "deleted", "undeleted"].map(
      (name) => `${kind}.${name}`,
    ),
  ),
  ...["comment", "view"].flatMap((kind) =>
    ["created", "updated", "deleted"].map((name) => `${kind}.${name}`),
  ),
  ...["created", "completed", "expired", "upload_failed"].map((name) => `file_upload.${name}`),
];
