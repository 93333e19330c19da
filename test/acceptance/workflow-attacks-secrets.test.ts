import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import { startDescribedTenon } from "../workflows.ts";
import { createRuns, type StepInput } from "./workflow-faults-rig.ts";

const secrets = {
  PLAIN: "sk-live-51H8-very-secret",
  QUOTED: 'pa"ss\\wo\nrd $& é😀',
  DIGITS: "9081726354",
};
const values = Object.values(secrets);
const forms = [...values, ...values.map((value) => JSON.stringify(value).slice(1, -1))];

let tenon: TestTenon;
let runs: ReturnType<typeof createRuns>;
let echo: Awaited<ReturnType<typeof startEcho>>;
beforeAll(async () => {
  [tenon, echo] = await Promise.all([startDescribedTenon(), startEcho()]);
  runs = createRuns(tenon);
  await runs.connect("ada");
  for (const [name, value] of Object.entries(secrets)) {
    await tenon.manage("POST", `${runs.base}/secrets`, { name, value });
  }
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await echo?.[Symbol.asyncDispose]();
});

/** A server that tells everybody what it was told, under the status that its path names. */
async function startEcho() {
  const got: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { headers, rawHeaders, url = "" } = request;
      const said = JSON.stringify({
        headers,
        rawHeaders,
        url: decodeURIComponent(url),
        body,
        number: Number(/\b9\d{9}\b/.exec(body)?.[0]),
      });
      got.push(said);
      const status = Number(/^\/(\d{3})/.exec(url)?.[1] ?? 200);
      response.writeHead(status, {
        "content-type": "application/json",
        "x-echo": Buffer.from(String(headers["x-key"] ?? ""))
          .toString("latin1")
          .replaceAll(/[^ -~]/g, "?"),
      });
      response.end(said);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** All that anybody can read of a run afterwards, and what was streamed while it ran. */
async function readEverything(runId: string): Promise<string> {
  const token = tenon.instanceKey;
  const stream = await fetch(`${tenon.url}${runs.base}/runs/${runId}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const seen = [await stream.text()];
  const run = await runs.waitForEnd(runId);
  const history = `/projects/${tenon.projectId}/task-history/workflow-executions`;
  const { stepExecutions } = await tenon.manage("GET", `${history}/${runId}`);
  const paths = [
    `${runs.base}/runs/${runId}`,
    `${runs.base}/runs?tests=true&limit=100`,
    `${history}/${runId}`,
    ...stepExecutions.map(({ id }: { id: string }) => `${history}/${runId}/step-executions/${id}`),
    ...run.steps.flatMap(({ stepId, instance }: { stepId: string; instance: number[] }) =>
      ["input", "output"].map(
        (kind) =>
          `${runs.base}/runs/${runId}/steps/${stepId}/payload?kind=${kind}&instance=${instance.join(",")}`,
      ),
    ),
  ];
  for (const path of paths) seen.push((await tenon.call(path, { token })).text);
  // And what a look into the database shows.
  const tables = ["runs", "step_runs", "step_payloads"] as const;
  for (const table of tables) {
    const rows = await tenon.database.kysely.selectFrom(table).selectAll().execute();
    seen.push(JSON.stringify(rows));
  }
  return seen.join("\n");
}

function expectNoSecret(everything: string): void {
  for (const form of forms) expect([form, everything.includes(form)]).toEqual([form, false]);
}

const all = {
  plain: "{{secrets.PLAIN}}",
  quoted: "{{secrets.QUOTED}}",
  digits: "{{secrets.DIGITS}}",
};

function ask(id: string, more: object = {}): StepInput {
  return {
    id,
    type: "request",
    method: "POST",
    url: `${echo.url}/200`,
    headers: [{ name: "x-key", value: "{{secrets.PLAIN}}" }],
    query: [{ name: "key", value: "{{secrets.PLAIN}}" }],
    bodyType: "json",
    body: all,
    retry: { delaysMs: [] },
    ...more,
  };
}

it.each<[name: string, steps: () => StepInput[], status: string]>([
  [
    "printed and returned by a function",
    () => [
      {
        id: "code",
        type: "function",
        code: `(parameters) => {
          console.log(parameters.plain, parameters); console.error("It is " + parameters.quoted);
          return { ...parameters, [parameters.plain]: Number(parameters.digits), list: [[parameters.quoted]] };
        }`,
        parameters: all,
      },
    ],
    "succeeded",
  ],
  [
    "thrown by a function",
    () => [
      {
        id: "code",
        type: "function",
        code: `(parameters) => {
          console.log(parameters.plain);
          throw new Error(parameters.plain + parameters.quoted + parameters.digits);
        }`,
        parameters: all,
        retry: { delaysMs: [] },
      },
    ],
    "failed",
  ],
  ["echoed by a server", () => [ask("ask")], "succeeded"],
  ["echoed by a server with an error", () => [ask("ask", { url: `${echo.url}/400` })], "failed"],
  [
    "echoed by a server with a fault, after which the run goes on",
    () => [
      ask("ask", { url: `${echo.url}/500`, continueOnFailure: true }),
      ask("tell", { body: "{{ask.error}}" }),
    ],
    "succeeded",
  ],
  [
    "in the authorization, echoed by a server",
    () => [ask("ask", { authorization: { type: "bearer", token: "{{secrets.PLAIN}}" } })],
    "succeeded",
  ],
  [
    "in an address that nobody is at",
    () => [ask("ask", { url: "http://127.0.0.1:1/{{secrets.PLAIN}}" })],
    "failed",
  ],
  [
    "in the items of a fan out",
    () => [
      {
        id: "each",
        type: "fanOut",
        items: ["{{secrets.PLAIN}}", "{{secrets.QUOTED}}", "{{secrets.DIGITS}}"],
        each: "inside",
        next: null,
      },
      {
        id: "inside",
        type: "function",
        code: "(parameters) => parameters",
        parameters: { item: "{{each.instance}}" },
        next: null,
      },
    ],
    "succeeded",
  ],
  [
    "in an input that is refused",
    () => [
      {
        id: "act",
        type: "action",
        integration: "notion",
        action: "get-page-content",
        input: { blockId: "{{secrets.PLAIN}}", depth: "{{secrets.QUOTED}}" },
      },
    ],
    "failed",
  ],
  [
    "in an id that the provider does not know",
    () => [
      {
        id: "own",
        type: "integrationRequest",
        integration: "notion",
        method: "GET",
        path: "/v1/pages/{{secrets.PLAIN}}",
      },
    ],
    "failed",
  ],
  [
    "in outputs too large for a list",
    () => [
      {
        id: "code",
        type: "function",
        code: "(parameters) => ({ filling: 'x'.repeat(300000), ...parameters, more: [parameters] })",
        parameters: all,
      },
    ],
    "succeeded",
  ],
])("a secret %s is nowhere to be read", async (_name, steps, status) => {
  const { event } = await runs.deploy(steps());
  const runId = await runs.send(event);
  const everything = await readEverything(runId);
  expect(await runs.getRun(runId)).toMatchObject({ status });
  expectNoSecret(everything);
  expect(everything).toContain("[secret PLAIN]");
});

it("reaches the server that it is for, whole", async () => {
  echo.got.length = 0;
  await runs.run([ask("ask")]);
  const [said = ""] = echo.got;
  expect(JSON.parse(JSON.parse(said).body)).toEqual({
    plain: secrets.PLAIN,
    quoted: secrets.QUOTED,
    digits: secrets.DIGITS,
  });
});

it("is not in the answer of a Response step, nor of a call that failed", async () => {
  const token = await tenon.signToken("ada");
  for (const body of [all, "{{ask.response.body}}"]) {
    const id = await runs.create("Answers with secrets", {
      trigger: { id: "call", type: "request", next: "ask" },
      steps: [
        ask("ask", { next: "answer" }),
        {
          id: "answer",
          type: "response",
          headers: [{ name: "x-key", value: "{{secrets.PLAIN}}" }],
          body,
        },
      ],
    });
    await tenon.manage("POST", `${runs.base}/workflows/${id}/deploy`);
    await runs.enable(id, "ada");
    const answer = await fetch(`${tenon.url}/projects/${tenon.projectId}/sdk/triggers/${id}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    expectNoSecret(JSON.stringify([...answer.headers]) + (await answer.text()));
  }
});

it("of the connection, its access token, is not to be read either", async () => {
  const run = await runs.run([
    {
      id: "ask",
      type: "request",
      method: "GET",
      url: `${echo.url}/200`,
      headers: [{ name: "x-token", value: "{{connection.accessToken}}" }],
    },
  ]);
  const sent = JSON.parse(echo.got.at(-1) ?? "").headers["x-token"];
  expect(sent).toMatch(/^ntn_/);
  const everything = await readEverything(run.id);
  expect(everything.includes(sent)).toBe(false);
});

it("that is replaced is new for the next run, and the old one is hidden where it was used", async () => {
  const { secrets: listed } = await tenon.manage("GET", `${runs.base}/secrets`);
  const { id } = listed.find((one: { name: string }) => one.name === "PLAIN");
  const { event } = await runs.deploy([ask("ask")]);
  const old = await runs.send(event);
  await runs.waitForEnd(old);
  await tenon.manage("PUT", `${runs.base}/secrets/${id}`, { value: "another-secret-value" });
  const next = await runs.send(event);
  await runs.waitForEnd(next);
  expect(JSON.parse(JSON.parse(echo.got.at(-1) ?? "").body).plain).toBe("another-secret-value");
  const everything = (await readEverything(old)) + (await readEverything(next));
  expectNoSecret(everything);
  expect(everything.includes("another-secret-value")).toBe(false);
});
