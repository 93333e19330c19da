import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApiKeyText, storeApiKey } from "../../apps/server/src/identity/api-keys.ts";
import type { TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  echoWorkflow,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  tellWorkflow,
  type WorkflowRig,
} from "../workflows.ts";

let tenon: TestTenon;
let receiver: Receiver;
let rig: WorkflowRig;
let folder: string;
let apiKey: string;
let told: string;

beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  folder = await mkdtemp(join(tmpdir(), "tenon-cli-"));
  apiKey = createApiKeyText();
  await storeApiKey(tenon.tenon.services.apiKeys, apiKey, {
    projectId: tenon.projectId,
    title: "CLI",
  });
  rig = createWorkflowRig(tenon);
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "Told", sample: { title: "x" } });
  await rig.connect("ada");
  told = await rig.create("Tell", tellWorkflow("Told", receiver));
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => receiver.answerWith({}));

const command = resolve(import.meta.dirname, "../../apps/server/bin/tenon.js");

/** Runs `tenon workflow …` as a process of its own. */
async function cli(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [command, "workflow", ...args], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      TENON_URL: `http://127.0.0.1:${tenon.port}`,
      TENON_API_KEY: apiKey,
      ...environment,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { stdout, stderr, code };
}

describe("tenon workflow", () => {
  it("deploys, lists and undeploys, by title or id", async () => {
    const deployed = await cli(["deploy", "Tell"]);
    expect(deployed).toMatchObject({ code: 0, stdout: "Tell is live: version 1.\n" });
    const listed = await cli(["list", "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: told, deployed: { number: 1 } }]);
    const table = await cli(["list"]);
    expect(table.stdout).toMatch(new RegExp(`${told}\\s+notion\\s+v1\\s+Tell`));
    expect((await cli(["undeploy", told])).code).toBe(0);
    expect((await cli(["list"])).stdout).toMatch(/notion\s+-\s+Tell/);
    await cli(["deploy", told]);
  });

  it("starts a workflow by its event, follows it, and ends as the run does", async () => {
    await cli(["deploy", "Tell"]);
    await rig.enable(told, "ada");
    const input = JSON.stringify({ title: "From the terminal" });
    const fine = await cli(["run", "Tell", "--user", "ada", "--input", input, "--follow"]);
    expect(fine.stdout).toMatch(/tell succeeded/);
    expect(fine.stdout).toMatch(/run succeeded/);
    expect(fine.code).toBe(0);
    expect(JSON.parse(receiver.got.at(-1)?.body ?? "")).toMatchObject({
      title: "From the terminal",
    });
    receiver.answerWith({ status: 400 });
    const failed = await cli(["run", "Tell", "--user", "ada", "--follow", "--json"]);
    const events = failed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: "end", data: { status: "failed" } });
    expect(failed.code).toBe(1);
  });

  it("starts a workflow by request, and a draft as a test", async () => {
    const echo = await rig.deploy("Echo", echoWorkflow);
    await rig.enable(echo, "ada");
    const file = join(folder, "input.json");
    await writeFile(file, '{"a":1}');
    const { stdout } = await cli(["run", "Echo", "--user", "ada", "--input", `@${file}`]);
    const run = await rig.waitForEnd(stdout.trim());
    expect(run).toMatchObject({ status: "succeeded", input: { request: { body: { a: 1 } } } });
    const test = await cli(["run", "Tell", "--user", "ada", "--test", "--follow"]);
    expect(test.code).toBe(0);
  });

  it("exports a workflow and imports it again", async () => {
    const file = join(folder, "tell.json");
    expect((await cli(["export", "Tell", "--out", file])).code).toBe(0);
    expect(await readFile(file, "utf8")).toContain('"Told"');
    const imported = await cli(["import", file, "--json"]);
    const { workflow } = JSON.parse(imported.stdout);
    const problems = await cli(["problems", workflow.id, "--json"]);
    expect(problems).toMatchObject({ code: 0, stdout: "[]\n" });
    await tenon.manage("DELETE", `${rig.base}/workflows/${workflow.id}`);
    const paragon = await cli(["export", "Tell", "--format", "paragon"]);
    expect(paragon.stdout).toContain("TRIGGER/EVENT");
  });

  it("tells a draft's problems and ends with 1", async () => {
    const id = await rig.create("Broken", tellWorkflow("Nobody's", receiver));
    const { stdout, code } = await cli(["problems", id]);
    expect(stdout).toMatch(/^error: /);
    expect(code).toBe(1);
    const deployed = await cli(["deploy", id]);
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toMatch(/workflow_invalid/);
  });

  it("cancels, replays and lists runs", async () => {
    await tenon.manage("POST", `${rig.base}/app-events`, { name: "Later" });
    const later = await rig.deploy("Later", {
      trigger: { id: "start", type: "event", event: "Later", next: "wait" },
      steps: [{ id: "wait", type: "delay", value: 1, unit: "hours" }],
    });
    await rig.enable(later, "ada");
    const runId = (await cli(["run", "Later", "--user", "ada"])).stdout.trim();
    const following = cli(["follow", runId]);
    await cli(["cancel", runId]);
    expect(await following).toMatchObject({ code: 1, stdout: expect.stringMatching(/cancelled/) });
    const history = await cli(["history", "--workflow", "Later", "--status", "cancelled"]);
    expect(history.stdout).toMatch(new RegExp(`${runId}\\s+cancelled\\s+ada`));
    const replayed = (await cli(["replay", runId])).stdout.trim();
    expect((await rig.getRun(replayed)).replayOf).toBe(runId);
    expect((await cli(["cancel", replayed])).code).toBe(0);
  });

  it.each([
    ["no command", [], /Say what to do with workflows: list/],
    ["an unknown command", ["fly"], /There is no command "workflow fly"/],
    ["no workflow", ["deploy"], /Name the workflow/],
    ["an unknown workflow", ["deploy", "Nope"], /There is no workflow "Nope"/],
    ["no user", ["run", "Tell"], /--user/],
    ["input that is no JSON", ["run", "Tell", "--user", "ada", "--input", "{"], /not JSON/],
    ["an unknown option", ["list", "--nope"], /--nope/],
  ])("explains its use to who gives %s", async (_name, args, words) => {
    const { stderr, code } = await cli(args);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/workflow run <workflow> --user <id>/);
    expect(code).toBe(2);
  });

  it("says what is wrong with the address, the key, or the project", async () => {
    const nowhere = await cli(["list"], { TENON_URL: "http://127.0.0.1:1" });
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be reached/) });
    const wrong = await cli(["list"], { TENON_API_KEY: "tenon_wrong" });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/api_key_invalid/) });
    await tenon.createProject("Second");
    const unclear = await cli(["list"], { TENON_API_KEY: tenon.instanceKey });
    expect(unclear).toMatchObject({ code: 2, stderr: expect.stringMatching(/--project/) });
    const none = await cli(["list"], { TENON_URL: "", TENON_API_KEY: "" });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/TENON_API_KEY/) });
    const key = tenon.instanceKey;
    const named = await cli(["list", "--json", "--project", tenon.projectId, "--key", key]);
    expect(JSON.parse(named.stdout).length).toBeGreaterThan(0);
  });
});
