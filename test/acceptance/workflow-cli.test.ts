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
  await rig.create("Draft", tellWorkflow("Told", receiver));
  await rig.deploy("Off", echoWorkflow);
  await rig.deploy("Timed", { trigger: { id: "start", type: "schedule", cron: "0 9 * * *" } });
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
    const one = JSON.parse(listed.stdout).find(({ id }: { id: string }) => id === told);
    expect(one).toMatchObject({ title: "Tell", deployed: { number: 1 } });
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
    const { notes } = JSON.parse(paragon.stdout);
    expect(notes.length).toBeGreaterThan(0);
    const toFile = await cli(["export", "Tell", "--format", "paragon", "--out", file]);
    expect(toFile).toEqual({ code: 0, stdout: "", stderr: `${notes.join("\n")}\n` });
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ notes });
  });

  it("saves a definition into a workflow, bare or exported", async () => {
    const id = await rig.create("Saved", tellWorkflow("Told", receiver));
    const file = join(folder, "saved.json");
    await writeFile(file, JSON.stringify(echoWorkflow));
    const saved = await cli(["save", "Saved", "--file", file]);
    expect(saved).toMatchObject({ code: 0, stdout: "Saved has a new draft: revision 2.\n" });
    const readDraft = () => tenon.manage("GET", `${rig.base}/workflows/${id}/draft`);
    expect((await readDraft()).definition.trigger.type).toBe("request");
    await cli(["export", "Tell", "--out", file]);
    const json = await cli(["save", id, "--file", file, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual(await readDraft());
    expect((await readDraft()).definition.trigger).toMatchObject({ event: "Told" });
    await writeFile(file, JSON.stringify(tellWorkflow("Nobody's", receiver)));
    const faulty = await cli(["save", id, "--file", file]);
    expect(faulty.stdout).toMatch(/with 1 problem/);
    await writeFile(file, '{"TRIGGER/EVENT":{}}');
    const foreign = await cli(["save", id, "--file", file]);
    expect(foreign).toMatchObject({ code: 2, stderr: expect.stringMatching(/workflow import/) });
  });

  it("enables and disables for a user, and sends events", async () => {
    await tenon.manage("POST", `${rig.base}/app-events`, { name: "Sent" });
    const id = await rig.deploy("On sent", tellWorkflow("Sent", receiver));
    const send = ["event", "Sent", "--user", "ada", "--data", '{"title":"By hand"}'];
    const early = await cli(send);
    expect(early).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/Nothing was started/),
    });
    const enabled = await cli(["enable", "On sent", "--user", "ada"]);
    expect(enabled).toMatchObject({ code: 0, stdout: "On sent is enabled for ada.\n" });
    const sent = await cli(send);
    const run = await rig.waitForEnd(sent.stdout.trim());
    expect(run).toMatchObject({ workflowId: id, input: { title: "By hand" } });
    const disabled = await cli(["disable", id, "--user", "ada", "--json"]);
    expect(JSON.parse(disabled.stdout)).toMatchObject({ enabled: false });
    const unknown = await cli(["event", "Nope", "--user", "ada"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/event_not_found/) });
  });

  it("prints a run's events in the order in which they happened", async () => {
    const id = await rig.deploy("In order", {
      trigger: { id: "start", type: "request", next: "first" },
      steps: [
        { id: "first", type: "request", method: "GET", url: `${receiver.url}/1`, next: "wait" },
        { id: "wait", type: "delay", value: 1, unit: "seconds", next: "last" },
        { id: "last", type: "request", method: "GET", url: `${receiver.url}/2` },
      ],
    });
    await rig.enable(id, "ada");
    receiver.answerWith({ delayMs: 600 });
    const { stdout } = await cli(["run", id, "--user", "ada", "--follow"]);
    const lines = stdout.trim().split("\n").slice(1);
    const times = lines.map((line) => line.split("  ")[0] ?? "");
    // The end is written together with the last step, to the millisecond.
    expect(times.slice(0, -1)).toEqual(times.slice(0, -1).toSorted());
    const told = lines.map((line) => line.split("  ")[1]?.replace(/ until .*/, ""));
    expect(told[0]).toBe("run running");
    const ended = told.filter((line) => line?.endsWith("succeeded"));
    expect(ended).toEqual(["first succeeded", "wait succeeded", "last succeeded", "run succeeded"]);
    // Each of them once: a run that is worked on changes with every step.
    expect(told.filter((line, index) => line === told[index - 1])).toEqual([]);
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
    ["no user", ["run", "Tell"], /--user/],
    ["no user to enable for", ["enable", "Tell"], /--user/],
    ["no event", ["event", "--user", "ada"], /Name the event/],
    ["no file", ["save", "Tell"], /--file/],
    ["data that is no object", ["event", "Told", "--user", "ada", "--data", "[]"], /JSON object/],
    ["input that is no JSON", ["run", "Tell", "--user", "ada", "--input", "{"], /not JSON/],
    ["an unknown option", ["list", "--nope"], /--nope/],
  ])("explains its use to who gives %s", async (_name, args, words) => {
    const { stderr, code } = await cli(args);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/workflow run <workflow> --user <id>/);
    expect(code).toBe(2);
  });

  it.each([
    ["a workflow there is not", ["deploy", "Nope"], /There is no workflow "Nope".*workflow list/],
    ["one that is not deployed", ["run", "Draft", "--user", "ada"], /not deployed.*--test/],
    ["one that is not enabled", ["run", "Off", "--user", "ada"], /not enabled.*Enable it first/],
    ["one that starts by time", ["run", "Timed", "--user", "ada"], /schedule.*--test/],
    ["a user there is not", ["enable", "Off", "--user", "nobody"], /user_not_found/],
    ["a run there is not", ["cancel", "11111111-1111-4111-8111-111111111111"], /run_not_found/],
  ])("names the next move, and not its whole use, to who names %s", async (_name, args, words) => {
    const { stderr, code } = await cli(args);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/tenon <command>/);
    expect(code).toBe(1);
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
