import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const tenonCommand = resolve(import.meta.dirname, "../../apps/server/bin/tenon.js");
const port = 20_000 + (process.pid % 20_000);
const url = `http://localhost:${port}`;
let dataDir: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenon-start-"));
});
afterEach(async () => {
  for (const child of children) await end(child, "SIGTERM");
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe("tenon start", { timeout: 120_000 }, () => {
  it("makes everything at first start and says where it is", async () => {
    const { output } = await startTenon();
    expect(output()).toMatch(/Tenon is ready\n$/);
    const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
    expect(demo).toMatchObject({ url, exampleUrl: `http://localhost:${port + 2}` });
    for (const address of [`${url}/readyz`, demo.exampleUrl, demo.localNotionUrl]) {
      expect((await fetch(address)).status).toBe(200);
    }
    for (const file of ["keys", "demo-signing-key.pem", "demo.json"]) {
      expect((await stat(join(dataDir, file))).mode & 0o077).toBe(0);
    }
  });

  it("stops cleanly on SIGTERM and on SIGINT, and frees its ports and its database", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const { child } = await startTenon();
      expect(await end(child, signal)).toBe(0);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    }
  });

  it("goes on where nobody reads its output any more, and stops cleanly", async () => {
    const child = spawn(process.execPath, [tenonCommand, "start"], { env: environment() });
    children.add(child);
    child.stdout.destroy();
    child.stderr.destroy();
    const isReady = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status;
    await expect.poll(isReady, { timeout: 30_000 }).toBe(200);
    const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
    await expect
      .poll(() =>
        fetch(demo.exampleUrl).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(true);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await end(child, "SIGTERM")).toBe(0);
  });

  it("ends with the npm script that started it, whatever ended that", async () => {
    const child = spawn("/bin/sh", ["-c", `"${process.execPath}" "${tenonCommand}" start; true`], {
      env: environment({ npm_lifecycle_event: "start" }),
    });
    children.add(child);
    await becomeReady(child);
    await end(child, "SIGKILL");
    const isGone = () =>
      fetch(`${url}/healthz`).then(
        () => false,
        () => true,
      );
    await expect.poll(isGone).toBe(true);
    await startTenon();
  });

  it("has every acknowledged write after kill -9, time after time", async () => {
    const acknowledged: Record<string, number> = {};
    for (let round = 0; round < 3; round++) {
      const { child } = await startTenon();
      const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
      const token = await run("token", "--user", "ada", "--ttl", "5m");
      const me = `${url}/projects/${demo.projectId}/sdk/me`;
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const before: any = await (await fetch(me, { headers })).json();
      expect(before.meta).toEqual(acknowledged);
      for (let write = 0; write < 5; write++) {
        const name = `r${round}w${write}`;
        const body = JSON.stringify({ meta: { [name]: write } });
        const answer = await fetch(me, { method: "PATCH", headers, body });
        if (answer.ok) acknowledged[name] = write;
      }
      await end(child, "SIGKILL");
    }
    expect(Object.keys(acknowledged)).toHaveLength(15);
    await startTenon();
  });

  it("makes API keys beside a running server and without one", async () => {
    const { child } = await startTenon();
    const beside = await run("api-key", "--instance");
    const ask = (key: string) =>
      fetch(`${url}/api/projects`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask(beside)).status).toBe(200);
    await end(child, "SIGTERM");
    const without = await run("api-key", "--instance");
    await startTenon();
    expect((await ask(without)).status).toBe(200);
  });

  it("says what is wrong where it cannot start", async () => {
    const taken = await startTenon();
    const second = await runToEnd(["start"], { TENON_DATA: `${dataDir}-second` });
    await rm(`${dataDir}-second`, { recursive: true, force: true });
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/EADDRINUSE|in use/);
    await end(taken.child, "SIGTERM");
    const unreachable = await runToEnd(["start"], {
      DATABASE_URL: "postgres://nobody:hidden@127.0.0.1:1/none",
    });
    expect(unreachable.code).toBe(1);
    expect(unreachable.output).toMatch(/DATABASE_URL/);
    expect(unreachable.output).not.toContain("hidden");
  });

  it("leaves no database running where its port is taken", async () => {
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    try {
      const { code, output } = await runToEnd(["start"]);
      expect([code, output]).toEqual([1, expect.stringMatching(/in use/)]);
      const pidFile = join(dataDir, "postgres/data/postmaster.pid");
      await expect(stat(pidFile)).rejects.toThrow("ENOENT");
    } finally {
      squatter.close();
    }
  });

  it.each([
    [["token"], /--user/],
    [["token", "--user", "a", "--ttl", "soon"], /--ttl/],
    [["api-key"], /--instance/],
    [["fly"], /no command "fly"/],
    [["start", "--fast"], /--fast|Unknown/],
  ])("tells how to call it after %j", async (args, words) => {
    const { code, output } = await runToEnd(args);
    expect([code, output]).toEqual([2, expect.stringMatching(words)]);
  });
});

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PORT: String(port),
    TENON_DATA: dataDir,
    LOG_LEVEL: "warn",
    NODE_ENV: "development",
    npm_lifecycle_event: "",
    ...more,
  };
}

async function startTenon() {
  const child = spawn(process.execPath, [tenonCommand, "start"], { env: environment() });
  children.add(child);
  return { child, output: await becomeReady(child) };
}

async function becomeReady(child: ChildProcess): Promise<() => string> {
  const output = collect(child);
  const ready = Promise.withResolvers<void>();
  child.stdout?.on("data", () => output().includes("Tenon is ready") && ready.resolve());
  child.once("exit", (code) => ready.reject(new Error(`Ended with ${code}: ${output()}`)));
  await ready.promise;
  return output;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, "exit");
  return child.exitCode;
}

async function run(...args: string[]): Promise<string> {
  const { code, output } = await runToEnd(args);
  if (code !== 0) throw new Error(output);
  return output.trim();
}

async function runToEnd(args: string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [tenonCommand, ...args], { env: environment(more) });
  children.add(child);
  const output = collect(child);
  await once(child, "close");
  children.delete(child);
  return { code: child.exitCode, output: output() };
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (chunk) => (text += String(chunk)));
  child.stderr?.on("data", (chunk) => (text += String(chunk)));
  return () => text;
}
