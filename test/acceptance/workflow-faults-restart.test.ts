import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectAccount } from "../connect-account.ts";
import type { TestTenon } from "../test-tenon.ts";
import { type Receiver, startReceiver } from "../workflows.ts";
import { act, createNotionRig, createRuns, paragraph, tell } from "./workflow-faults-rig.ts";

const tenonCommand = resolve(import.meta.dirname, "../../apps/server/bin/tenon.js");
const port = 40_000 + (process.pid % 10_000);
const url = `http://127.0.0.1:${port}`;
let dataDir: string;
let receiver: Receiver;
let child: ChildProcess | undefined;
let output = "";

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenon-restart-"));
  receiver = await startReceiver();
});
afterAll(async () => {
  await end("SIGTERM");
  await receiver?.[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

/** `tenon start` with its own database and its Local Notion, which keeps what it answered. */
async function start(): Promise<void> {
  child = spawn(process.execPath, [tenonCommand, "start"], {
    env: {
      ...process.env,
      PORT: String(port),
      TENON_URL: url,
      TENON_DATA: dataDir,
      LOG_LEVEL: "warn",
      NODE_ENV: "development",
      npm_lifecycle_event: "",
    },
  });
  const started = child;
  let said = "";
  const ready = Promise.withResolvers<void>();
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on("data", (chunk) => {
      said += String(chunk);
      output += String(chunk);
      if (said.includes("Tenon is ready")) ready.resolve();
    });
  }
  started.once("exit", (code) => ready.reject(new Error(`Ended with ${code}: ${said}`)));
  await ready.promise;
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** What tests do with a Tenon, for the demo project of the one that was started. */
async function openDemo(): Promise<TestTenon> {
  const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
  const key = await importPKCS8(await readFile(demo.signingKeyFile, "utf8"), "RS256");

  async function call(path: string, request: Parameters<TestTenon["call"]>[1]) {
    const { token, method = "GET", body } = request;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  }

  const part = {
    url,
    port,
    projectId: demo.projectId,
    call,
    async manage(method: string, path: string, body?: unknown) {
      const answer = await call(path, { token: demo.apiKey, method, body });
      if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`);
      return answer.body;
    },
    signToken: (userId: string) =>
      new SignJWT({})
        .setProtectedHeader({ alg: "RS256" })
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(key),
  };
  // The rest of a test's Tenon is inside of its process, which this one is not.
  return part as unknown as TestTenon;
}

interface Started {
  runId: string;
  parent: string;
  page: string;
}

const lines = Array.from({ length: 250 }, (_, index) => `Line ${index}`);
const rounds = 4;
const perRound = 6;

it(
  "kill -9 in the middle of runs: each that was acknowledged ends, and its page and blocks are there once",
  { timeout: 300_000 },
  async () => {
    await start();
    const tenon = await openDemo();
    const runs = createRuns(tenon);
    const notion = createNotionRig(`http://127.0.0.1:${port + 1}`);
    await notion.configure({ rateLimit: null });
    const root = await notion.findRoot();
    const { event, workflowId } = await runs.deploy(
      [
        act("make", "create-page", {
          parent: "{{start.parent}}",
          title: "{{start.title}}",
          children: lines.map(paragraph),
        }),
        act("append", "append-blocks", {
          blockId: "{{start.page}}",
          children: lines.map(paragraph),
        }),
        tell(receiver, { made: "{{make.result.id}}", title: "{{start.title}}" }),
      ],
      [],
    );

    const started: Started[] = [];
    let interrupted = 0;
    for (let round = 0; round < rounds; round += 1) {
      await notion.configure({ rateLimit: null });
      for (let index = 0; index < perRound; index += 1) {
        const title = `Run ${started.length}`;
        // An account each: the provider's limit is kept for each of them.
        const userId = `user-${started.length}`;
        expect((await connectAccount(tenon, { userId })).status).toBe(200);
        await runs.enable(workflowId, userId);
        const parent = await notion.makePage(root, `Home of ${title}`);
        const page = await notion.makePage(root, `Appended by ${title}`);
        // From here on the run is acknowledged: it must not be lost.
        const runId = await runs.send(event, { title, parent, page }, userId);
        started.push({ runId, parent, page });
      }
      // Later in each round, so that the process dies in other places.
      await delay(round * 120);
      const last = await Promise.all(
        started.slice(-perRound).map(({ runId }) => runs.getRun(runId)),
      );
      await end("SIGKILL");
      interrupted += last.filter(({ status }) => status === "running").length;
      await start();
    }
    await notion.configure({ rateLimit: null });

    const ends: Record<string, number> = {};
    for (const [index, { runId, parent, page }] of started.entries()) {
      const run = await runs.waitForEnd(runId);
      const outcome = run.status === "succeeded" ? "succeeded" : run.error.code;
      ends[outcome] = (ends[outcome] ?? 0) + 1;
      expect([runId, outcome]).toEqual([
        runId,
        expect.stringMatching(/^(succeeded|outcome_unknown)$/),
      ]);
      const titles = await notion.titlesBelow(parent);
      expect(titles.length).toBeLessThan(2);
      const appended = await notion.textsOn(page);
      expect(appended).toEqual(lines.slice(0, appended.length));
      const told = receiver.got.filter(({ body }) => JSON.parse(body).title === `Run ${index}`);
      expect(told.length).toBeLessThan(2);
      if (outcome !== "succeeded") continue;
      expect(titles).toEqual([`Run ${index}`]);
      expect(appended).toEqual(lines);
      expect(told).toHaveLength(1);
      const { made } = JSON.parse(told[0]?.body ?? "");
      expect(await notion.textsOn(made)).toEqual(lines);
    }
    expect(started).toHaveLength(rounds * perRound);
    expect(interrupted).toBeGreaterThan(0);
    // What a look can decide is not left to people: only the plain POST may end unknown.
    expect(ends["succeeded"] ?? 0).toBeGreaterThan(started.length / 2);
    expect(output).not.toMatch(/"level":(50|60)/);
  },
);
