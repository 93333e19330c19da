import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  type Receiver,
  startDescribedTenon,
  startReceiver,
} from "../workflows.ts";
import {
  act,
  createNotionRig,
  createRuns,
  type NotionRig,
  startGate,
  type StepInput,
  tell,
  waitAt,
} from "./workflow-faults-rig.ts";

let tenon: TestTenon;
let receiver: Receiver;
let runs: ReturnType<typeof createRuns>;
let notion: NotionRig;
let root: string;
beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  runs = createRuns(tenon);
  notion = createNotionRig(tenon.localNotion.url);
  root = await notion.findRoot();
  await runs.connect("ada");
  await tenon.manage("POST", `${runs.base}/secrets`, { name: "KEY", value: "the-secret-value" });
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.answerWith({});
  receiver.got.length = 0;
});

function call(method: string, path: string, body?: unknown) {
  const content = body === undefined ? {} : { body };
  return tenon.call(path, { method, token: tenon.instanceKey, ...content });
}

function code(text: string, more: object = {}): StepInput {
  return { id: "code", type: "function", code: text, ...more };
}

const never = { operator: "$none", variable: "" };
const delay = { type: "delay", value: 1 };

describe("a definition", () => {
  it.each<[name: string, definition: unknown, problem: object]>([
    [
      "that goes round in a circle",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [
          { id: "a", ...delay, next: "b" },
          { id: "b", ...delay, next: "a" },
        ],
      },
      { stepId: "b", field: "/next" },
    ],
    [
      "whose step follows itself",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", ...delay, next: "a" }],
      },
      { stepId: "a", field: "/next" },
    ],
    [
      "with a step that nothing leads to",
      { trigger: { id: "t", type: "enabled" }, steps: [{ id: "a", ...delay }] },
      { stepId: "a" },
    ],
    [
      "with two steps of one id",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [
          { id: "a", ...delay },
          { id: "a", ...delay },
        ],
      },
      { stepId: "a" },
    ],
    [
      "that goes on with what does not exist",
      { trigger: { id: "t", type: "enabled", next: "gone" }, steps: [] },
      { stepId: "t", field: "/next" },
    ],
    [
      "that refers to what does not exist",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", ...delay, value: "{{gone.result}}" }],
      },
      { stepId: "a", field: "/value" },
    ],
    [
      "that refers to a later step",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [
          { id: "a", ...delay, value: "{{b.result}}", next: "b" },
          { id: "b", ...delay },
        ],
      },
      { stepId: "a", field: "/value" },
    ],
    [
      "with an action that there is none of",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", type: "action", integration: "notion", action: "fly" }],
      },
      { stepId: "a", field: "/action" },
    ],
    [
      "whose action lacks an input",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", type: "action", integration: "notion", action: "create-page" }],
      },
      { stepId: "a", field: "/input/parent" },
    ],
    [
      "whose action has an input of the wrong type",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [
          {
            id: "a",
            type: "action",
            integration: "notion",
            action: "get-page-content",
            input: { blockId: "x", depth: "deep" },
          },
        ],
      },
      { stepId: "a", field: "/input/depth" },
    ],
    [
      "with a template that does not end",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", ...delay, value: "{{t.x" }],
      },
      { stepId: "a", field: "/value" },
    ],
    [
      "with a step of an unknown kind",
      {
        trigger: { id: "t", type: "enabled", next: "a" },
        steps: [{ id: "a", type: "explode" }],
      },
      { stepId: "a", field: "/type" },
    ],
    ["without a trigger", { steps: [{ id: "a", ...delay }] }, { field: "/trigger" }],
  ])("%s is kept as a draft, named by step and field, and runs nowhere", async (...of) => {
    const [name, definition, problem] = of;
    const id = await runs.create(`Broken: ${name}`, definition as never);
    const path = `${runs.base}/workflows/${id}`;
    const { problems } = await tenon.manage("GET", `${path}/problems`);
    expect(problems).toContainEqual(expect.objectContaining({ severity: "error", ...problem }));
    for (const one of problems) expect(one.message.length).toBeGreaterThan(10);
    const deployed = await call("POST", `${path}/deploy`, {});
    expect([deployed.status, deployed.body.code]).toEqual([422, "workflow_invalid"]);
    const tested = await call("POST", `${path}/test`, { account: { userId: "ada" } });
    expect([tested.status, tested.body.code]).toEqual([422, "workflow_invalid"]);
  });

  it("with conditions nested without end is refused or a problem, never a fault of ours", async () => {
    for (const depth of [50, 150, 190]) {
      let condition: unknown = never;
      for (let level = 0; level < depth; level += 1) {
        condition = { join: "and", conditions: [condition] };
      }
      const answer = await call("POST", `${runs.base}/workflows`, {
        integration: "notion",
        title: `Deep ${depth}`,
        definition: {
          trigger: { id: "t", type: "enabled", next: "if" },
          steps: [{ id: "if", type: "conditional", branches: [{ label: "Yes", condition }] }],
        },
      });
      expect([201, 400]).toContain(answer.status);
    }
  });

  it("may name its steps like what every object has", async () => {
    const run = await runs.run(
      [
        { id: "constructor", type: "function", code: "() => 1" },
        { id: "__proto__", type: "function", code: "() => 2" },
        { id: "toString", type: "function", code: "() => 3" },
        tell(receiver, {
          sum: "{{constructor.result}} {{__proto__.result}} {{toString.result}}",
          inherited: "{{start.constructor.name}}|{{start.__proto__.x}}|{{start.hasOwnProperty}}",
        }),
      ],
      { title: "x" },
    );
    expect(run.status).toBe("succeeded");
    expect(JSON.parse(receiver.got[0]?.body ?? "")).toEqual({ sum: "1 2 3", inherited: "||" });
  });
});

describe("what comes in", () => {
  it.each([
    ["just under 1 MB", 1_048_576 - 100, 201],
    ["more than 1 MB", 1_048_576 + 100, 413],
    ["more than the body may have", 2_200_000, 413],
  ])("an event's payload of %s is answered with its status", async (_name, size, status) => {
    const { event } = await runs.deploy([tell(receiver, { size: "{{start.text}}" })]);
    const answer = await call("POST", `${runs.base}/users/ada/events`, {
      name: event,
      payload: { text: "x".repeat(size - 20) },
    });
    expect(answer.status).toBe(status);
    if (status === 413) expect(answer.body.code).toBe("payload_too_large");
    else expect((await runs.waitForEnd(answer.body.runs[0].runId)).status).toBe("succeeded");
  });

  it("characters that databases refuse pass through a run as they are, and are refused in a draft", async () => {
    const text = "a\u0000b\ud800c\u2028d\uFFFE";
    const run = await runs.run(
      [
        code("(parameters) => { console.log(parameters.text); return parameters.text; }", {
          parameters: { text: "{{start.text}}" },
        }),
        tell(receiver, { text: "{{code.result}}" }),
      ],
      { text },
    );
    expect(run.status).toBe("succeeded");
    expect(run.input.text).toBe(text);
    expect(JSON.parse(receiver.got[0]?.body ?? "").text).toBe(text);
    const own = { ...tell(receiver, {}), title: text };
    const refused = await call("POST", `${runs.base}/workflows`, {
      integration: "notion",
      title: "Strange",
      definition: { steps: [own] },
    });
    expect([refused.status, refused.body.code]).toEqual([400, "invalid_request"]);
  });

  it.each(["..%2F..", "' or 1=1 --", "%F0%9F%98%80", "%25", "__proto__"])(
    "an unknown user %s is just that",
    async (userId) => {
      const answer = await call("POST", `${runs.base}/users/${userId}/events`, { name: "x" });
      expect([answer.status, answer.body.code]).toEqual([404, "user_not_found"]);
    },
  );
});

describe("a value of the wrong type at run time", () => {
  const wrong = { text: "soon", list: "no list", number: { not: "a number" }, nothing: null };

  it.each<[name: string, step: StepInput, said: RegExp]>([
    ["a delay of a text", { id: "s", type: "delay", value: "{{start.text}}" }, /number.*"soon"/],
    ["a delay of nothing", { id: "s", type: "delay", value: "{{start.gone}}" }, /number/],
    ["a fan out over a text", { id: "s", type: "fanOut", items: "{{start.list}}" }, /list.*string/],
    ["a fan out over null", { id: "s", type: "fanOut", items: "{{start.nothing}}" }, /list.*null/],
    [
      "an action's id that is an object",
      act("s", "get-page-content", { blockId: "{{start.number}}" }),
      /blockId|Page or block/,
    ],
    [
      "an action's number that is a text",
      act("s", "get-page-content", { blockId: "x", depth: "{{start.text}}" }),
      /depth|Levels/,
    ],
    [
      "a URL that resolved to nothing",
      { id: "s", type: "request", method: "GET", url: "{{start.gone}}" },
      /url/i,
    ],
    [
      "a URL that is none",
      { id: "s", type: "request", method: "GET", url: "{{start.list}}" },
      /URL|no list/,
    ],
    [
      "form fields that are a text",
      {
        id: "s",
        type: "request",
        method: "POST",
        url: "https://example.com",
        bodyType: "urlencoded",
        body: "{{start.text}}",
      },
      /object of fields/,
    ],
    [
      "a header with a line break",
      {
        id: "s",
        type: "request",
        method: "GET",
        url: "http://127.0.0.1:1/",
        headers: [{ name: "x-a", value: "a\r\nx-b: {{start.text}}" }],
      },
      /header/i,
    ],
  ])("%s fails the run, which names the step and what it got", async (_name, step, said) => {
    const run = await runs.run([step], wrong);
    expect(run).toMatchObject({ status: "failed", error: { code: "invalid_input", stepId: "s" } });
    expect(run.error.message).toMatch(said);
  });

  it("is false in a condition", async () => {
    const run = await runs.run(
      [
        {
          id: "if",
          type: "conditional",
          branches: [
            {
              label: "Greater",
              condition: {
                operator: "$numberGreaterThan",
                variable: "{{start.text}}",
                argument: 1,
              },
            },
          ],
        },
      ],
      wrong,
    );
    expect(run).toMatchObject({
      status: "succeeded",
      steps: [{ output: { selectedChoice: "No" } }],
    });
  });
});

describe("a function that attacks", () => {
  it.each<[name: string, code: string, failure: string]>([
    ["loops for ever", "() => { for (;;); }", "function_timeout"],
    ["waits for ever", "() => new Promise((r) => setTimeout(r, 1e9))", "function_timeout"],
    [
      "fills memory",
      "() => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }",
      "function_memory",
    ],
    [
      "requires files",
      "() => require('fs').readFileSync('/etc/passwd', 'utf8')",
      "function_failed",
    ],
    ["asks the network", "() => fetch('http://127.0.0.1/')", "function_failed"],
    ["reads the environment", "() => process.env.PATH.length", "function_failed"],
    [
      "looks for the host",
      "() => globalThis.constructor.constructor('return process')().exit()",
      "function_failed",
    ],
    [
      "throws what cannot be told",
      "() => { throw { get message() { throw 1; } }; }",
      "function_failed",
    ],
  ])("and %s fails its own run, and the next finds nothing of it", async (_name, text, failure) => {
    const run = await runs.run([
      code(text, {
        timeoutMs: failure === "function_memory" ? 10_000 : 1_000,
        memoryMb: 32,
        retry: { delaysMs: [] },
      }),
    ]);
    expect(run).toMatchObject({ status: "failed", error: { code: failure, stepId: "code" } });
    const next = await runs.run([code("() => [typeof polluted, [].polluted ?? null, 1 + 1]")]);
    expect(next.steps[0].output.result).toEqual(["undefined", null, 2]);
  });

  it("and tampers with prototypes changes nothing of another run, or of ours", async () => {
    const tampered = await runs.run(
      [
        code(`(parameters) => {
        Object.prototype.polluted = 1; Array.prototype.map = () => ["tampered"];
        Array.prototype.polluted = 1; JSON.stringify = () => '"tampered"'; globalThis.polluted = 1;
        Object.prototype.toJSON = () => "tampered";
        parameters.__proto__.title = "tampered";
        return { ["__proto__"]: { polluted: 2 }, constructor: { prototype: { polluted: 3 } } };
      }`),
        tell(receiver, { after: "{{start.title}}", got: "{{code.result.polluted}}" }),
      ],
      { title: "mine" },
    );
    expect(tampered.status).toMatch(/succeeded|failed/);
    if (tampered.status === "succeeded") {
      expect(JSON.parse(receiver.got[0]?.body ?? "").after).toBe("mine");
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const next = await runs.run(
      [
        code("(parameters) => ({ seen: [typeof polluted, {}.polluted ?? null], parameters })", {
          parameters: { title: "{{start.title}}" },
        }),
      ],
      { title: "other" },
    );
    expect(next.steps[0].output.result).toEqual({
      seen: ["undefined", null],
      parameters: { title: "other" },
    });
  });

  it("and keeps what it got finds nothing of it in another user's run", async () => {
    await runs.connect("bob");
    const keeper =
      "(parameters) => { const old = globalThis.kept; globalThis.kept = parameters; return old ?? null; }";
    const { event } = await runs.deploy(
      [code(keeper, { parameters: { text: "{{start.text}}" } })],
      ["ada", "bob"],
    );
    for (const userId of ["ada", "bob", "ada", "bob"]) {
      const run = await runs.waitForEnd(await runs.send(event, { text: `of ${userId}` }, userId));
      expect(run.steps[0].output.result).toBeNull();
    }
  });
});

describe("text of a user's that looks like a template", () => {
  const text = "{{secrets.KEY}} {{user.id}} {{connection.accessToken}} \\{{start.text}} ${1+1}";

  it("comes out of functions, actions and requests as it went in", async () => {
    receiver.answerWith({ body: { echo: text } });
    const parent = await notion.makePage(root, "Templates");
    const run = await runs.run(
      [
        code("(parameters) => ({ text: parameters.text, [parameters.text]: 1 })", {
          parameters: { text: "{{start.text}}" },
        }),
        act("make", "create-page", {
          parent,
          title: "{{code.result.text}}",
          children: [
            {
              type: "paragraph",
              paragraph: { rich_text: [{ text: { content: "{{start.text}}" } }] },
            },
          ],
        }),
        act("read", "get-page-content", { blockId: "{{make.result.id}}" }),
        tell(
          receiver,
          { whole: "{{code.result}}", again: "{{read.result}}", mixed: "<{{start.text}}>" },
          {
            headers: [{ name: "x-text", value: "{{start.text}}" }],
            query: [{ name: "q", value: "{{code.result.text}}" }],
          },
        ),
        { ...tell(receiver, { echo: "{{tell.response.body.echo}}" }), id: "echo" },
      ],
      { text },
    );
    expect(run.status).toBe("succeeded");
    expect(await notion.titlesBelow(parent)).toEqual([text]);
    const [first, second] = receiver.got;
    expect(JSON.parse(second?.body ?? "")).toEqual({ echo: text });
    const body = JSON.parse(first?.body ?? "");
    expect(body.whole).toEqual({ text, [text]: 1 });
    expect(body.mixed).toBe(`<${text}>`);
    expect(body.again[0].paragraph.rich_text[0].plain_text).toBe(text);
    expect(first?.headers["x-text"]).toBe(text);
    expect(new URL(first?.path ?? "", receiver.url).searchParams.get("q")).toBe(text);
  });

  it("comes back from a server and out of a Response step as it is", async () => {
    receiver.answerWith({ body: { echo: text } });
    const id = await createWorkflowRig(tenon).deploy("Echo of templates", {
      trigger: { id: "call", type: "request", next: "ask" },
      steps: [
        { id: "ask", type: "request", method: "GET", url: `${receiver.url}/echo`, next: "answer" },
        {
          id: "answer",
          type: "response",
          headers: [{ name: "x-text", value: "{{call.request.body.text}}" }],
          body: { own: "{{call.request.body.text}}", theirs: "{{ask.response.body.echo}}" },
        },
      ],
    });
    await runs.enable(id, "ada");
    const answer = await fetch(`${tenon.url}/projects/${tenon.projectId}/sdk/triggers/${id}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await tenon.signToken("ada")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ text }),
    });
    expect(answer.headers.get("x-text")).toBe(text);
    expect(await answer.json()).toEqual({ own: text, theirs: text });
  });

  it("in settings and metadata is text, too", async () => {
    await runs.connect("cleo");
    const token = await tenon.signToken("cleo");
    const me = `/projects/${tenon.projectId}/sdk/me`;
    await tenon.call(me, { token, method: "PATCH", body: { meta: { name: text } } });
    await tenon.manage("PUT", `${runs.base}/integrations/notion/user-settings`, {
      inputs: [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS" }],
    });
    const { connections } = await tenon.manage("GET", `${runs.base}/users/cleo`);
    await tenon.call(`/projects/${tenon.projectId}/sdk/credentials/${connections[0].id}`, {
      token,
      method: "PATCH",
      body: { config: { sharedSettings: { folder: text } } },
    });
    const { event } = await runs.deploy(
      [tell(receiver, { name: "{{user.meta.name}}", folder: "{{integrationSettings.folder}}" })],
      ["cleo"],
    );
    await runs.waitForEnd(await runs.send(event, {}, "cleo"));
    expect(JSON.parse(receiver.got[0]?.body ?? "")).toEqual({ name: text, folder: text });
  });
});

describe("a server that answers", () => {
  /** A server whose answers are made by hand. */
  async function serve(answer: (path: string) => { type: string; body: string | Buffer }) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { type, body } = answer(request.url ?? "");
      response.writeHead(200, { "content-type": type }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  }

  it.each([
    ["read", "GET"],
    ["write", "POST"],
  ] as const)(
    "JSON nested without end to a %s ends the run clearly, after one request",
    async (_name, method) => {
      const body = "[".repeat(200_000) + "]".repeat(200_000);
      await using server = await serve(() => ({ type: "application/json", body }));
      const run = await runs.run([
        { id: "ask", type: "request", method, url: server.url, retry: { delaysMs: [] } },
      ]);
      expect(server.asked).toHaveLength(1);
      expect(run.error?.code).not.toBe("internal_error");
      expect(run).toMatchObject({ steps: [{ stepId: "ask" }] });
    },
  );

  it("keys that tamper with prototypes tampers with nothing", async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":"b"}';
    await using server = await serve(() => ({ type: "application/json", body }));
    const run = await runs.run([
      { id: "ask", type: "request", method: "GET", url: server.url },
      tell(receiver, { all: "{{ask.response.body}}", polluted: "{{ask.response.polluted}}" }),
    ]);
    expect(run.status).toBe("succeeded");
    expect(receiver.got[0]?.body).toContain(body);
    expect(JSON.parse(receiver.got[0]?.body ?? "")).not.toHaveProperty("polluted");
  });

  it("bytes that are no text gives a file, whole", async () => {
    const bytes = randomBytes(5_000);
    await using server = await serve(() => ({ type: "application/octet-stream", body: bytes }));
    const run = await runs.run([
      { id: "ask", type: "request", method: "GET", url: `${server.url}/a.bin` },
    ]);
    expect(run.steps[0].output.response.body).toMatchObject({
      dataType: "FILE",
      size: 5_000,
      data: bytes.toString("base64"),
    });
  });
});

describe("addresses of private networks", () => {
  it("are not asked in production, in any notation, by any step", async () => {
    await using production = await startTestTenon({
      environment: {
        NODE_ENV: "production",
        TENON_KEYS: `k1:${randomBytes(32).toString("base64")}`,
      },
      url: "http://localhost:PORT",
    });
    const own = createRuns(production);
    await own.connect("ada");
    const port = new URL(receiver.url).port;
    const urls = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://127.1:${port}/`,
      `http://0x7f000001:${port}/`,
      `http://2130706433:${port}/`,
      `http://0177.0.0.1:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://0.0.0.0:${port}/`,
      "http://169.254.169.254/latest/meta-data",
      "http://10.0.0.1/",
      "http://[fd00::1]/",
      "file:///etc/passwd",
    ];
    const { event } = await own.deploy([
      { id: "ask", type: "request", method: "POST", url: "{{start.url}}", retry: { delaysMs: [] } },
    ]);
    for (const url of urls) {
      const run = await own.waitForEnd(await own.send(event, { url }));
      expect([url, run.status, run.error.code]).toEqual([
        url,
        "failed",
        url.startsWith("file")
          ? expect.stringMatching(/target_refused|invalid_input/)
          : "target_refused",
      ]);
    }
    const steps: StepInput[] = [
      act("s", "upload-file", { url: "{{start.url}}" }),
      {
        id: "s",
        type: "request",
        method: "GET",
        url: "https://example.com/",
        authorization: {
          type: "oauthClientCredentials",
          tokenUrl: "{{start.url}}",
          clientId: "a",
          clientSecret: "b",
        },
      },
    ];
    for (const step of steps) {
      const run = await own.run([step], { url: urls[0] });
      expect([step.type, run.status, run.error.code]).toEqual([
        step.type,
        "failed",
        "target_refused",
      ]);
    }
    expect(receiver.got).toEqual([]);
  });

  it("are not asked through a redirect from one that may be, and take no credentials along", async () => {
    const targets = [
      "http://169.254.169.254/",
      "http://[::1]:1/",
      "http://10.0.0.1/",
      "http://127.0.0.2:1/",
    ];
    await using limited = await startTestTenon({
      environment: { TENON_ALLOWED_PRIVATE: "127.0.0.1" },
    });
    const own = createRuns(limited);
    await own.connect("ada");
    const server = createServer((request, response) => {
      const target = new URL(request.url ?? "", "http://x").searchParams.get("to") ?? "";
      response.writeHead(307, { location: target }).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      for (const target of targets) {
        const url = `http://127.0.0.1:${port}/?to=${encodeURIComponent(target)}`;
        const run = await own.run([
          { id: "ask", type: "request", method: "POST", url, retry: { delaysMs: [] } },
        ]);
        expect([target, run.status, run.error.code]).toEqual([target, "failed", "target_refused"]);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("and strangers' hosts are not asked with the user's account", async () => {
    for (const path of [
      `${receiver.url}/v1/users/me`,
      "https://evil.example/v1/users/me",
      "//evil.example/v1/users/me",
      "https://api.notion.com@evil.example/",
      "https://api.notion.com.evil.example/",
    ]) {
      const run = await runs.run(
        [
          {
            id: "ask",
            type: "integrationRequest",
            integration: "notion",
            method: "GET",
            path: "{{start.path}}",
            retry: { delaysMs: [] },
          },
        ],
        { path },
      );
      expect([path, run.status]).toEqual([path, "failed"]);
      expect(run.error.code).toMatch(/target_refused|invalid_input|provider_refused/);
    }
    expect(receiver.got).toEqual([]);
  });
});

describe("a gate that never opens", () => {
  it("is given up where the run is cancelled, without waiting for it", async () => {
    await using gate = await startGate();
    const { event } = await runs.deploy([waitAt(gate, "closed")]);
    const runId = await runs.send(event);
    await gate.waitFor("closed");
    await tenon.manage("POST", `${runs.base}/runs/${runId}/cancel`);
    expect((await runs.waitForEnd(runId)).status).toBe("cancelled");
  });
});
