import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consent } from "../connect-account.ts";
import { codeBlocks, readPage, root } from "./markdown.ts";

const tenonCommand = resolve(root, "apps/server/bin/tenon.js");
let dataDir: string;
let appPort: number;
let tenon: ChildProcess;
let guide: string;

beforeAll(async () => {
  const [page, folder, port] = await Promise.all([
    readPage("docs/workflows.md"),
    mkdtemp(join(tmpdir(), "tenon-guide-")),
    freePorts(3),
  ]);
  guide = page.text;
  dataDir = folder;
  appPort = await freePorts(1);
  tenon = spawn(process.execPath, [tenonCommand, "start"], {
    env: environment({ PORT: String(port), LOG_LEVEL: "silent" }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await becomeReady(tenon);
  await connectExampleUser();
}, 180_000);
afterAll(async () => {
  if (tenon.exitCode === null) {
    tenon.kill("SIGTERM");
    await once(tenon, "exit");
  }
  await rm(dataDir, { recursive: true, force: true });
});

describe("the guide in docs/workflows.md", { timeout: 120_000 }, () => {
  it("shows the workflow that its file holds", async () => {
    const { definition } = JSON.parse(
      await readFile(join(root, "docs/examples/page-to-html.json"), "utf8"),
    );
    const [shown = ""] = codeBlocks(guide, "json");
    const [code = ""] = codeBlocks(guide, "js");
    const parsed = JSON.parse(shown);
    parsed.steps[1].code = code.trimEnd();
    expect(parsed).toEqual(definition);
  });

  it("does what it says, command by command", async () => {
    const [, ...steps] = guide.split(/^### /m);
    const [intro = ""] = guide.split("### 1.");
    const commands = [intro, ...steps].flatMap((part) =>
      codeBlocks(part.split(/^## Definition/m, 1)[0] ?? "", "sh"),
    );
    const { code, stdout, stderr } = await runShell(adapted(commands.join("\n")));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/has no problems\./);
    expect(stdout).toMatch(/is live: version 1\./);
    const sent = stdout.match(/^POST \/pages .*$/gm);
    // Both tests, the event and the run from the terminal.
    expect(sent).toHaveLength(4);
    for (const line of sent ?? []) expect(line).toContain("<h1>How we work</h1>");
    expect(stdout.match(/run succeeded/g)).toHaveLength(2);
  });
});

/** The commands with this test's folders and ports in the place of the usual ones. */
function adapted(commands: string): string {
  return [
    "set -eu",
    "trap 'kill $(jobs -p)' EXIT",
    commands
      .replaceAll("./.tenon/", `${dataDir}/`)
      .replaceAll("docs/examples/app.js", `${dataDir}/app.js`)
      .replaceAll("docs/examples/page-to-html.json", `${dataDir}/page-to-html.json`),
    // Some runs were only started.
    `until api "$base/runs?tests=true&status=queued,running,waiting" | grep -q '"runs":\\[\\]'; do sleep 0.2; done`,
  ].join("\n");
}

async function runShell(script: string) {
  for (const name of ["app.js", "page-to-html.json"]) {
    const source = await readFile(join(root, "docs/examples", name), "utf8");
    const target = join(dataDir, name);
    await writeFile(target, source.replaceAll("9000", String(appPort)));
  }
  const child = spawn("bash", ["-c", script], { cwd: root, env: environment({}) });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, TENON_DATA: dataDir, ...more };
}

async function becomeReady(child: ChildProcess): Promise<void> {
  let output = "";
  const ready = Promise.withResolvers<void>();
  child.stdout?.on("data", (chunk) => {
    output += String(chunk);
    if (output.includes("Tenon is ready")) ready.resolve();
  });
  child.once("exit", () => ready.reject(new Error(`Tenon did not start: ${output}`)));
  await ready.promise;
}

/** What the reader does in the browser: connects Notion on the example's page. */
async function connectExampleUser(): Promise<void> {
  const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
  const { url, exampleUrl, projectId } = demo;
  const { userToken }: any = await (await fetch(`${exampleUrl}/session`)).json();
  const query = new URLSearchParams({ action: "notion", originForPostMessage: exampleUrl });
  const opened = await fetch(
    `${url}/projects/${projectId}/sdk/actions/oauth-nonce?${query}&userToken=${userToken}`,
    { headers: { referer: `${exampleUrl}/` } },
  );
  const [cookie = ""] = opened.headers.getSetCookie().map((one) => one.split(";", 1)[0] ?? "");
  const started: any = await (
    await fetch(`${url}/v2/projects/${projectId}/sdk/actions/build-oauth?${query}`, {
      headers: { authorization: `Bearer ${userToken}` },
    })
  ).json();
  const callbackUrl = await consent(started.redirectUrl, "allow");
  expect((await fetch(callbackUrl, { headers: { cookie } })).status).toBe(200);
}

/** The first of as many ports in a row as are asked for, free a moment ago. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listenOnce(0);
    const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    const taken = await Promise.all(others.map((port) => listenOnce(port).catch(() => undefined)));
    if (!taken.includes(undefined)) return first;
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: got } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return got;
}
