import { type Action, AppError, defineAction, ProviderError } from "@tenon/connector";
import * as z from "zod";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGuardedHttp, type GuardedHttp } from "../http/create-guarded-http.ts";
import { startServer, type TestServer } from "../http/testing/start-server.ts";
import type { Part } from "../run.ts";
import { createActionExecutor } from "./action.ts";
import { failureOf } from "./testing/failure-of.ts";
import { type LocalNotionAccess, openLocalNotion } from "./testing/local-notion-access.ts";
import { contextOf, type ContextOptions } from "./testing/step-context.ts";

const common = { intent: "X", title: "Do it", summary: "For tests.", output: z.unknown() };
const Page = z.object({ object: z.literal("page"), id: z.string() });

const echo = defineAction({
  ...common,
  id: "echo",
  effect: "write",
  repeatable: true,
  input: z.object({
    text: z.string(),
    count: z.number().optional(),
    whole: z.int().optional(),
    flag: z.boolean().default(false),
    choice: z.enum(["a", "b"]).optional(),
    nested: z.object({ list: z.array(z.number()) }).optional(),
  }),
  output: z.object({ text: z.string() }).loose(),
  run: async ({ input }) => input,
});
const create = defineAction({
  ...common,
  id: "create",
  effect: "write",
  input: z.object({ parent: z.string() }),
  output: Page,
  run: ({ client, input }) =>
    client.request("POST", "/v1/pages", {
      body: { parent: { page_id: input.parent } },
      returns: Page,
    }),
});
const createTwo = defineAction({
  ...common,
  id: "create-two",
  effect: "write",
  input: z.object({ parent: z.string(), missing: z.string() }),
  async run({ client, input, once }) {
    const body = { parent: { page_id: input.parent } };
    const make = () => client.request("POST", "/v1/pages", { body });
    await once("both", () => Promise.all([make(), make()]));
    await make();
    await client.request("GET", `/v1/pages/${input.parent}`);
    return make();
  },
});
const find = defineAction({
  ...common,
  id: "find",
  effect: "read",
  input: z.object({}),
  run: ({ client }) => client.request("POST", "/v1/search", { body: { page_size: 100 } }),
});
const get = defineAction({
  ...common,
  id: "get",
  effect: "read",
  input: z.object({ id: z.string(), translate: z.boolean().default(false) }),
  async run({ client, input }) {
    try {
      return await client.request("GET", `/v1/pages/${input.id}`, { query: { a: ["b", 1] } });
    } catch (cause) {
      if (!(cause instanceof ProviderError) || !input.translate) throw cause;
      const { status, code, requestId, body } = cause;
      const facts = { status, code, requestId, body, cause };
      throw new ProviderError("The page is not shared with this connection.", facts);
    }
  },
});
const fetchFile = defineAction({
  ...common,
  id: "fetch-file",
  effect: "read",
  input: z.object({ url: z.string() }),
  async run({ download, input }) {
    const { name, mimeType, bytes } = await download(input.url);
    return { name, mimeType, text: Buffer.from(bytes).toString() };
  },
});
const upload = defineAction({
  ...common,
  id: "upload",
  effect: "write",
  input: z.object({}),
  async run({ client }) {
    const Upload = z.object({ id: z.string() });
    const { id } = await client.request("POST", "/v1/file_uploads", { body: {}, returns: Upload });
    const form = new FormData();
    form.append("file", new Blob(["hello"], { type: "text/plain" }), "a.txt");
    return client.request("POST", `/v1/file_uploads/${id}/send`, { form });
  },
});
const broken = (id: string, effect: Action["effect"], run: () => unknown) =>
  defineAction({
    ...common,
    id,
    effect,
    input: z.object({}),
    output: z.object({ a: z.string() }),
    // oxlint-disable-next-line typescript/no-explicit-any -- what a faulty connector may do
    run: run as any,
  });
const actions = [
  echo,
  create,
  createTwo,
  find,
  get,
  fetchFile,
  upload,
  broken("wrong-output", "write", async () => ({ b: 1 })),
  broken("throws", "write", () => {
    throw new TypeError("x is not a function");
  }),
  broken("refuses", "read", async () => {
    throw new AppError("bad_block", 400, "Block 3 is too long.", { details: { block: 3 } });
  }),
  broken("gives-up", "write", async () => {
    throw new AppError("outcome_unknown", 409, "Nobody knows.");
  }),
  broken("parses", "write", async () => z.object({ Name: z.string() }).parse({ Name: 1 })),
  broken("destroys", "destroy", async () => ({ a: "" })),
  broken("expects", "write", async () => ({ a: "" })),
] as unknown as Action[];

let notion: LocalNotionAccess;
let server: TestServer;
let http: GuardedHttp;

beforeAll(async () => {
  notion = await openLocalNotion(actions);
  server = await startServer(({ url }, response) =>
    url === "/gone"
      ? response.writeHead(404).end()
      : response.writeHead(200, { "content-type": "text/plain" }).end("hello"),
  );
  http = createGuardedHttp({ allowedPrivate: ["127.0.0.1"] });
});
beforeEach(() => notion.clear());
afterAll(async () => {
  await http.close();
  await server[Symbol.asyncDispose]();
  await notion.close();
});

function createPage(): Promise<unknown> {
  return run("create", { parent: notion.parentId });
}

function run(action: string, input: Record<string, unknown> = {}, options?: ContextOptions) {
  const written = { type: "action", integration: "local", action, input } as const;
  return createActionExecutor({ ...notion, http }).run(contextOf(written, options));
}

describe("an action's input", () => {
  test("is coerced where a template gave another simple type", async () => {
    const input = {
      text: "{{trigger.n}}",
      count: "{{trigger.text}}",
      whole: "7",
      flag: "TRUE",
      choice: "{{trigger.nothing}}",
      nested: { list: [1, "2.5", "-3e2"] },
    };
    expect(await run("echo", input, { trigger: { n: 5, text: " 12 ", nothing: null } })).toEqual({
      text: "5",
      count: 12,
      whole: 7,
      flag: true,
      nested: { list: [1, 2.5, -300] },
    });
  });

  test.each([
    [{}, "text: "],
    [{ text: { a: 1 } }, "text: "],
    [
      { text: "x", count: "many" },
      'count: Invalid input: expected number, received string, got "many"',
    ],
    [{ text: "x", count: "0x10" }, "count: "],
    [{ text: "x", count: "" }, "count: "],
    [{ text: "x", whole: "1.5" }, "whole: "],
    [{ text: "x", flag: "yes" }, "flag: "],
    [{ text: "x", choice: "c" }, "choice: "],
    [{ text: "x", nested: { list: [1, "b"] } }, "nested.list.1: Invalid input: expected number"],
  ])("that is %o is refused by field", async (input, message) => {
    const failure = await failureOf(run("echo", input));
    expect(failure).toMatchObject({ code: "invalid_input", transient: false });
    expect(failure.message).toContain(message);
  });
});

describe("an action", () => {
  test("calls the provider with the run's connection, and renews its token", async () => {
    notion.spoilToken();
    expect(await createPage()).toMatchObject({ object: "page" });
  });

  test("sends forms", async () => {
    expect(await run("upload")).toMatchObject({ object: "file_upload", status: "uploaded" });
  });

  test("downloads from the public internet only", async () => {
    expect(await run("fetch-file", { url: `${server.url}/a/b.txt` })).toEqual({
      name: "b.txt",
      mimeType: "text/plain",
      text: "hello",
    });
    expect(await failureOf(run("fetch-file", { url: "http://10.0.0.1/" }))).toMatchObject({
      code: "target_refused",
    });
    expect(await failureOf(run("fetch-file", { url: `${server.url}/gone` }))).toMatchObject({
      code: "request_failed",
      details: { status: 404 },
    });
  });

  test("does each of its writes once, whatever dies in between", async () => {
    const parts: Record<string, Part> = {};
    const input = { parent: notion.parentId, missing: "" };
    await notion.addFault({ status: 429 }, { method: "POST", nth: 4 });
    expect((await failureOf(run("create-two", input, { parts }))).code).toBe("rate_limited");
    expect(Object.keys(parts)).toEqual(["both", "POST /v1/pages"]);
    await notion.clear();
    await notion.addFault({ status: 500 }, { method: "GET" });
    expect(await failureOf(run("create-two", input, { parts }))).toMatchObject({
      transient: true,
      happened: "no",
    });
    await notion.clear();
    const before = await notion.countRequests("POST");
    await run("create-two", input, { parts });
    expect((await notion.countRequests("POST")) - before).toBe(1);
    await run("create-two", input, { parts });
    expect((await notion.countRequests("POST")) - before).toBe(1);
  });

  test("does not do again what may have happened", async () => {
    const parts: Record<string, Part> = { "POST /v1/pages": { status: "begun" } };
    const before = await notion.countRequests("POST");
    expect(await failureOf(run("create", { parent: notion.parentId }, { parts }))).toMatchObject({
      code: "outcome_unknown",
    });
    expect(await notion.countRequests("POST")).toBe(before);
  });

  test("in a test answers short lists", async () => {
    const whole = (await run("find")) as { results: unknown[] };
    const cut = (await run("find", {}, { test: true })) as { results: unknown[] };
    expect(cut.results.length).toBe(Math.min(20, whole.results.length));
  });

  test("that is not there is said to be", async () => {
    expect(await failureOf(run("gone"))).toMatchObject({ code: "action_not_found" });
  });

  test("says what may be repeated", () => {
    const executor = createActionExecutor({ ...notion, http });
    const effectOf = (action: string) =>
      executor.effectOf(contextOf({ type: "action", integration: "local", action }).planned.step);
    expect(effectOf("find")).toEqual({ effect: "read", repeatable: true });
    expect(effectOf("create")).toEqual({ effect: "write", repeatable: false });
    expect(effectOf("echo")).toEqual({ effect: "write", repeatable: true });
    expect(effectOf("destroys")).toEqual({ effect: "destroy", repeatable: true });
    expect(effectOf("gone")).toEqual({ effect: "read", repeatable: true });
  });
});

describe("an action fails", () => {
  const missing = "11111111-1111-4111-8111-111111111111";

  test("with the provider's words, or with the action's own", async () => {
    expect(await failureOf(run("get", { id: missing }))).toMatchObject({
      code: "provider_refused",
      transient: false,
      message: expect.stringContaining("Could not find page") as string,
      details: { status: 404, code: "object_not_found" },
    });
    expect(await failureOf(run("get", { id: missing, translate: true }))).toMatchObject({
      message:
        "Local answered 404 (object_not_found): The page is not shared with this connection.",
    });
  });

  test("for now where the provider is busy", async () => {
    await notion.addFault({ status: 429, retryAfter: 7 });
    expect(await failureOf(createPage())).toMatchObject({
      code: "rate_limited",
      happened: "no",
      retryAfterMs: 7_000,
    });
  });

  test("with an unknown outcome only where it writes", async () => {
    await notion.addFault({ status: 500 });
    expect(await failureOf(run("find"))).toMatchObject({ transient: true, happened: "no" });
    expect(await failureOf(createPage())).toMatchObject({ code: "outcome_unknown" });
  });

  test("for good where the answer is not what the connector knows", async () => {
    expect(await failureOf(run("wrong-output"))).toMatchObject({
      code: "internal_error",
      transient: false,
    });
  });

  test("as a fault of ours where the connector throws", async () => {
    expect(await failureOf(run("throws"))).toMatchObject({
      code: "internal_error",
      happened: "unknown",
      transient: false,
    });
  });

  test("as wrong input where the action says so", async () => {
    expect(await failureOf(run("refuses"))).toMatchObject({
      code: "invalid_input",
      message: "Block 3 is too long.",
      details: { block: 3 },
    });
    expect(await failureOf(run("gives-up"))).toMatchObject({ code: "outcome_unknown" });
    const failure = await failureOf(run("parses"));
    expect(failure).toMatchObject({ code: "invalid_input" });
    expect(failure.message).toContain("Name: ");
  });

  test("where a success is a page of HTML", async () => {
    await using html = await startServer((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>"),
    );
    const { client } = notion;
    const elsewhere = {
      ...notion,
      client: {
        ...client,
        send: async () =>
          http.send({ method: "GET", url: html.url, signal: AbortSignal.timeout(5_000) }),
      },
    };
    const input = { parent: "x" };
    const written = { type: "action", integration: "local", action: "create", input } as const;
    const running = createActionExecutor({ ...elsewhere, http }).run(contextOf(written));
    expect(await failureOf(running)).toMatchObject({
      code: "outcome_unknown",
      message: expect.stringContaining("text/html in place of JSON") as string,
    });
  });
});
