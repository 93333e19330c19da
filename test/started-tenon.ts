import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { importPKCS8, SignJWT } from "jose";
import type { TestTenon } from "./test-tenon.ts";

const tenonCommand = resolve(import.meta.dirname, "../apps/server/bin/tenon.js");

/** `tenon start` in a process of its own, with its own database and Local Notion. */
export async function createStartedTenon(port: number) {
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-started-"));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  return {
    url,
    port,
    localNotionUrl: `http://127.0.0.1:${port + 1}`,
    /** All that it has said. */
    output: () => output,
    end,
    openDemo: () => openDemo(url, port, dataDir),

    async start(): Promise<void> {
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
    },

    async [Symbol.asyncDispose]() {
      await end("SIGTERM");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type StartedTenon = Awaited<ReturnType<typeof createStartedTenon>>;

/** What tests do with a Tenon, for the demo project of the one that was started. */
async function openDemo(url: string, port: number, dataDir: string): Promise<TestTenon> {
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
