import { Authorization, type File as FileValue } from "@tenon/workflow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGuardedHttp, type GuardedHttp } from "../http/create-guarded-http.ts";
import {
  json,
  type Respond,
  type SeenRequest,
  startServer,
  type TestServer,
} from "../http/testing/start-server.ts";
import type { StepExecutor } from "../step-executor.ts";
import { createRequestExecutor } from "./request.ts";
import { type ClientCredentials, createTokenSource } from "./request-token.ts";
import { failureOf } from "./testing/failure-of.ts";
import { contextOf, type ContextOptions } from "./testing/step-context.ts";

let server: TestServer;
let respond: Respond;
let http: GuardedHttp;
let executor: ReturnType<typeof createRequestExecutor>;

beforeAll(async () => {
  server = await startServer((request, response) => respond(request, response));
  http = createGuardedHttp({ allowedPrivate: ["127.0.0.1"] });
  executor = createRequestExecutor({ http });
});
beforeEach(() => {
  respond = (_, response) => json(response, { ok: true });
  server.seen.length = 0;
});
afterAll(async () => {
  await http.close();
  await server[Symbol.asyncDispose]();
});

function run(step: Record<string, unknown>, options?: ContextOptions): Promise<unknown> {
  const written = { type: "request", method: "GET", url: server.url, ...step } as const;
  return executor.run(contextOf(written, options));
}

async function sent(step: Record<string, unknown>, options?: ContextOptions): Promise<SeenRequest> {
  await run({ method: "POST", ...step }, options);
  const last = server.seen.at(-1);
  if (last === undefined) throw new Error("Nothing was sent.");
  return last;
}

const file: FileValue = {
  dataType: "FILE",
  name: "a b.txt",
  mimeType: "text/plain",
  size: 5,
  encoding: "base64",
  data: "aGVsbG8=",
};

describe("a request", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])(
    "is sent with %s",
    async (method) => {
      await run({ method });
      expect(server.seen).toMatchObject([{ method }]);
    },
  );

  test("has the URL's own query as it is, and the step's behind it", async () => {
    const query = [
      { name: "list", value: "{{trigger.list}}" },
      { name: "text", value: "a&b {{trigger.one}}" },
      { name: "absent", value: "{{trigger.nothing}}" },
      { name: "object", value: { a: "{{trigger.one}}" } },
    ];
    const trigger = { list: ["x", 2], one: 1 };
    const { url } = await sent({ url: `${server.url}/p?q=a%20b#part`, query }, { trigger });
    expect(url).toBe("/p?q=a%20b&list=x&list=2&text=a%26b+1&object=%7B%22a%22%3A1%7D");
  });

  test("has the step's headers, and a key that is the same for every attempt", async () => {
    const headers = [
      { name: "X-Number", value: "{{trigger.n}}" },
      { name: "accept", value: "a/b" },
      { name: "Accept", value: "c/d" },
      { name: "Content-Length", value: "9999" },
      { name: "x-absent", value: "{{trigger.nothing}}" },
    ];
    const seen = await sent({ headers }, { trigger: { n: 7 }, attempt: 3 });
    expect(seen.headers).toMatchObject({
      "x-number": "7",
      accept: "a/b, c/d",
      "idempotency-key": "run:step",
      "user-agent": "Tenon",
    });
    expect(seen.headers).not.toHaveProperty("x-absent");
    const own = await sent({ headers: [{ name: "Idempotency-Key", value: "mine" }] });
    expect(own.headers["idempotency-key"]).toBe("mine");
  });

  test.each([
    ["a\r\nx-evil: 1", "1"],
    ["a b", "1"],
    ["", "1"],
    ["x", "1\r\nx-evil: 2"],
    ["x", "1\u0000"],
    ["x", "a→b"],
    ["Host", "evil.example"],
    ["Transfer-Encoding", "chunked"],
    ["Connection", "keep-alive"],
  ])("with the header %o: %o is not sent", async (name, value) => {
    const headers = [{ name: name || " ", value: "{{trigger.value}}" }];
    const failure = await failureOf(run({ headers }, { trigger: { value } }));
    expect(failure).toMatchObject({ code: "invalid_input", transient: false });
    expect(server.seen).toEqual([]);
  });

  test("does not resolve what a user's data holds", async () => {
    const trigger = { name: "{{secrets.key}}" };
    const { body } = await sent({ bodyType: "json", body: ["{{trigger.name}}"] }, { trigger });
    expect(body.toString()).toBe('["{{secrets.key}}"]');
  });

  test("to a private address is not sent", async () => {
    const url = "http://169.254.169.254/latest";
    expect(await failureOf(run({ url }))).toMatchObject({ code: "target_refused" });
  });

  test("whose URL resolved to nothing is not sent", async () => {
    const failure = await failureOf(run({ url: "{{trigger.nothing}}" }));
    expect(failure).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("url") as string,
    });
  });
});

describe("a body", () => {
  test("may be JSON, whose references keep their types", async () => {
    const body = { n: "{{trigger.n}}", text: "n={{trigger.n}}", gone: "{{trigger.x}}", ü: null };
    const seen = await sent({ bodyType: "json", body }, { trigger: { n: 1 } });
    expect(seen.headers["content-type"]).toBe("application/json");
    expect(seen.body.toString()).toBe('{"n":1,"text":"n=1","ü":null}');
  });

  test("may be urlencoded, nested in brackets", async () => {
    const body = { a: { b: ["x", { c: "é&=" }] }, n: 1, t: true, empty: null, list: [] };
    const seen = await sent({ bodyType: "urlencoded", body });
    expect(seen.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(decodeURIComponent(seen.body.toString())).toBe(
      "a[b][0]=x&a[b][1][c]=é&=&n=1&t=true&empty=",
    );
    expect(seen.body.toString()).toContain("a%5Bb%5D%5B1%5D%5Bc%5D=%C3%A9%26%3D");
  });

  test("may be a form with fields and files", async () => {
    const body = { text: "ü", n: 5, files: ["{{trigger.file}}", "{{trigger.file}}"], o: { a: 1 } };
    const seen = await sent({ bodyType: "form-data", body }, { trigger: { file } });
    const type = seen.headers["content-type"] ?? "";
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    const form = await new Response(new Uint8Array(seen.body), {
      headers: { "content-type": type },
    }).formData();
    expect([form.get("text"), form.get("n"), form.get("o")]).toEqual(["ü", "5", '{"a":1}']);
    const files = form.getAll("files");
    expect(files).toMatchObject([{ name: "a b.txt", type: "text/plain" }, { name: "a b.txt" }]);
    expect(await (files[0] as File).text()).toBe("hello");
  });

  test("may be XML or text, of the type that the step says", async () => {
    const xml = await sent({ bodyType: "xml", body: "<a>{{trigger}}</a>" }, { trigger: 1 });
    expect([xml.headers["content-type"], xml.body.toString()]).toEqual([
      "application/xml",
      "<a>1</a>",
    ]);
    const headers = [{ name: "Content-Type", value: "text/csv" }];
    const raw = await sent({ bodyType: "raw", body: "a,b", headers });
    expect([raw.headers["content-type"], raw.body.toString()]).toEqual(["text/csv", "a,b"]);
  });

  test("may be the bytes of a file", async () => {
    const seen = await sent({ bodyType: "raw", body: "{{trigger}}" }, { trigger: file });
    expect([seen.headers["content-type"], seen.body.toString()]).toEqual(["text/plain", "hello"]);
  });

  test.each([
    ["urlencoded", "text"],
    ["form-data", ["list"]],
    ["xml", { an: "object" }],
    ["raw", { an: "object" }],
    ["raw", { ...file, data: "no base64!" }],
    ["form-data", { a: { ...file, data: "###" } }],
  ])("of type %s cannot be %o", async (bodyType, body) => {
    expect(await failureOf(run({ method: "POST", bodyType, body }))).toMatchObject({
      code: "invalid_input",
    });
    expect(server.seen).toEqual([]);
  });
});

describe("an answer", () => {
  const answering = (type: string | undefined, body: string | Buffer, more = {}) => {
    respond = (_, response) =>
      response
        .writeHead(200, { ...(type !== undefined && { "content-type": type }), ...more })
        .end(body);
    return run({ url: `${server.url}/files/r%C3%A9sum%C3%A9.pdf?x` });
  };

  test("has its headers in lower case, its status and its JSON", async () => {
    respond = (_, response) =>
      response
        .writeHead(201, { "Content-Type": "application/problem+json; charset=utf-8", "X-Y": "z" })
        .end('{"a":[1]}');
    expect(await run({})).toMatchObject({
      response: { statusCode: 201, headers: { "x-y": "z" }, body: { a: [1] } },
    });
  });

  test.each([
    ["text/plain", "hello", "hello"],
    ["text/html; charset=iso-8859-1", Buffer.from("h\xe9", "latin1"), "hé"],
    ["application/xml", "<a/>", "<a/>"],
    ["image/svg+xml", "<svg/>", "<svg/>"],
    ["text/html", '{"a":1}', '{"a":1}'],
    ["application/json", "<h1>Bad gateway</h1>", "<h1>Bad gateway</h1>"],
    ["application/json", "", ""],
    ["text/plain; charset=nonsense", "x", "x"],
    [undefined, "plain", "plain"],
  ])("of type %s with %o is text", async (type, bytes, body) => {
    expect(await answering(type, bytes)).toMatchObject({ response: { body } });
  });

  test("that is binary is a file, by the name that it has", async () => {
    const bytes = Buffer.from([0, 255, 254, 1]);
    const body = { dataType: "FILE", size: 4, encoding: "base64", data: bytes.toString("base64") };
    const named = async (disposition: string) => {
      const more = { "content-disposition": disposition };
      return answering("application/pdf", bytes, more);
    };
    expect(await answering("application/pdf", bytes)).toMatchObject({
      response: { body: { ...body, name: "résumé.pdf", mimeType: "application/pdf" } },
    });
    expect(await answering(undefined, bytes)).toMatchObject({
      response: { body: { ...body, mimeType: "application/octet-stream" } },
    });
    for (const [disposition, name] of [
      ['attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'],
      ["attachment; filename=x.pdf; filename*=UTF-8''%e2%82%ac.pdf", "€.pdf"],
      ['attachment; filename="../../etc/passwd"', "passwd"],
      ['attachment; filename=".."', "résumé.pdf"],
    ] as const) {
      expect(await named(disposition)).toMatchObject({ response: { body: { name } } });
    }
  });

  test("is a file where the step asks for one", async () => {
    const headers = [{ name: "X-Paragon-Encoding", value: "base64" }];
    expect(await run({ headers })).toMatchObject({
      response: { body: { dataType: "FILE", mimeType: "application/json" } },
    });
    expect(server.seen[0]?.headers).not.toHaveProperty("x-paragon-encoding");
  });

  test("in a test has its lists cut", async () => {
    respond = (_, response) => json(response, { a: Array.from({ length: 30 }, () => [1]) });
    const output = (await run({}, { test: true })) as { response: { body: { a: unknown[] } } };
    expect(output.response.body.a).toHaveLength(20);
  });
});

describe("an error status", () => {
  const answering = async (status: number, headers = {}, method = "POST") => {
    respond = (_, response) =>
      response.writeHead(status, { "content-type": "text/plain", ...headers }).end("why");
    return failureOf(run({ method, url: `${server.url}/p?key=secret` }));
  };

  test.each([400, 401, 403, 404, 409, 410, 422])("%i is final", async (status) => {
    const failure = await answering(status);
    expect(failure).toMatchObject({
      code: "request_failed",
      transient: false,
      happened: "no",
      details: { status, body: "why" },
    });
    expect(failure.message).toContain(`${server.url}/p`);
    expect(failure.message).not.toContain("secret");
  });

  test.each([
    [429, { "retry-after": "7" }, 7_000],
    [503, { "retry-after": "7" }, 7_000],
    [529, {}, undefined],
    [429, { "retry-after": "soon" }, undefined],
  ])("%i with %o says that the receiver is busy", async (status, headers, retryAfterMs) => {
    expect(await answering(status, headers)).toMatchObject({
      code: "rate_limited",
      transient: true,
      happened: "no",
      retryAfterMs,
    });
  });

  test.each([408, 500, 502, 503, 504])("%i tells nothing of what a write did", async (status) => {
    const facts = { code: "request_failed", transient: true, retryAfterMs: undefined };
    expect(await answering(status)).toMatchObject({ ...facts, happened: "unknown" });
    expect(await answering(status, {}, "GET")).toMatchObject({ ...facts, happened: "no" });
  });

  test("keeps the beginning of a long body", async () => {
    respond = (_, response) => response.writeHead(400).end("x".repeat(100_000));
    const { details } = await failureOf(run({}));
    expect(JSON.stringify(details).length).toBeLessThan(5_000);
  });
});

describe("authorization", () => {
  const sentWith = async (authorization: Record<string, unknown>, trigger?: unknown) =>
    sent({ authorization }, { trigger });

  test("may be a bearer token, digits too", async () => {
    const bearer = { type: "bearer", token: "{{trigger.token}}" };
    expect((await sentWith(bearer, { token: "t" })).headers.authorization).toBe("Bearer t");
    expect((await sentWith(bearer, { token: 5 })).headers.authorization).toBe("Bearer 5");
  });

  test("may be basic", async () => {
    const basic = { type: "basic", username: "ü", password: "p:w" };
    expect((await sentWith(basic)).headers.authorization).toBe(
      `Basic ${Buffer.from("ü:p:w").toString("base64")}`,
    );
  });

  test("may be in the query or in headers", async () => {
    const query = { type: "query", params: [{ name: "key", value: "a b" }] };
    expect((await sentWith(query)).url).toBe("/?key=a+b");
    const header = { type: "header", headers: [{ name: "X-Key", value: "k" }] };
    expect((await sentWith(header)).headers["x-key"]).toBe("k");
  });

  test.each([
    [{ type: "bearer", token: "{{trigger.nothing}}" }],
    [{ type: "bearer", token: " " }],
    [{ type: "bearer", token: "a\nb" }],
    [{ type: "basic", username: "a:b", password: "" }],
    [{ type: "header", headers: [{ name: "x", value: "a\r\nb" }] }],
  ])("that is %o is not sent, nor shown", async (authorization) => {
    const failure = await failureOf(run({ authorization }));
    expect(failure.code).toBe("invalid_input");
    expect(failure.message).not.toMatch(/a:b|a\nb/);
    expect(server.seen).toEqual([]);
  });
});

describe("OAuth client credentials", () => {
  let tokens = 0;
  let tokenAnswer: Respond;
  let accepts: (token: string) => boolean;
  beforeEach(() => {
    tokens = 0;
    accepts = () => true;
    executor = createRequestExecutor({ http });
    tokenAnswer = (_, response) =>
      json(response, { access_token: `t${tokens}`, token_type: "bearer", expires_in: 3600 });
    respond = (request, response) => {
      if (request.url === "/token") {
        tokens += 1;
        return tokenAnswer(request, response);
      }
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      return json(response, { token }, accepts(token) ? 200 : 401);
    };
  });

  const step = (more: Record<string, unknown> = {}) => ({
    authorization: {
      type: "oauthClientCredentials",
      tokenUrl: `${server.url}/token`,
      clientId: "id +",
      clientSecret: "sec:ret",
      scope: "a b",
      ...more,
    },
  });

  test("get a token once, for many requests at the same time", async () => {
    const outputs = await Promise.all(Array.from({ length: 5 }, () => run(step())));
    expect(outputs).toMatchObject(
      Array.from({ length: 5 }, () => ({ response: { body: { token: "t1" } } })),
    );
    const [asked] = server.seen.filter(({ url }) => url === "/token");
    expect(asked?.body.toString()).toBe("grant_type=client_credentials&scope=a+b");
    const basic = Buffer.from("id+%2B:sec%3Aret").toString("base64");
    expect(asked?.headers.authorization).toBe(`Basic ${basic}`);
    expect(tokens).toBe(1);
  });

  test("may be in the body", async () => {
    await run(step({ clientAuth: "body" }));
    expect(server.seen[0]?.body.toString()).toBe(
      "grant_type=client_credentials&scope=a+b&client_id=id+%2B&client_secret=sec%3Aret",
    );
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test("are not shared between projects or secrets", async () => {
    await run(step());
    await run(step(), { projectId: "other" });
    await run(step({ clientSecret: "other" }));
    expect(tokens).toBe(3);
  });

  test("get another token shortly before the end of the one at hand", async () => {
    let nowMs = 0;
    const source = createTokenSource(http, () => nowMs);
    const client = Authorization.parse(step().authorization) as ClientCredentials;
    const lives: [life: unknown, atMs: number, token: string][] = [
      [100, 0, "t1"],
      [8, 74_999, "t1"],
      [8, 75_000, "t2"],
      ["8", 80_999, "t2"],
      ["8", 81_000, "t3"],
      ["soon", 86_999, "t3"],
      ["soon", 87_000, "t4"],
      [100, 87_000 + 239_999, "t4"],
      [100, 87_000 + 240_000, "t5"],
    ];
    for (const [expires_in, atMs, token] of lives) {
      nowMs = atMs;
      tokenAnswer = (_, response) => json(response, { access_token: `t${tokens}`, expires_in });
      expect(await source.get("project", client)).toBe(token);
    }
  });

  test("get another token where it was refused", async () => {
    await run(step());
    accepts = (token) => token !== "t1";
    const outputs = await Promise.all([run(step()), run(step())]);
    const renewed = { response: { body: { token: "t2" } } };
    expect(outputs).toMatchObject([renewed, renewed]);
    expect(tokens).toBe(2);
  });

  test("that are refused twice end with the receiver's 401", async () => {
    accepts = () => false;
    expect(await failureOf(run(step()))).toMatchObject({ details: { status: 401 } });
    expect(tokens).toBe(2);
  });

  test.each([
    [400, { error: "invalid_client", hint: "sec:ret" }, false],
    [500, "oops", true],
    [200, { no: "token" }, false],
    [200, "<h1>sign in</h1>", false],
  ])(
    "that get no token with %i %o fail before anything is sent",
    async (status, body, transient) => {
      tokenAnswer = (_, response) => json(response, body, status);
      const failure = await failureOf(run({ method: "POST", ...step() }));
      expect(failure).toMatchObject({ code: "request_failed", transient, happened: "no" });
      expect(JSON.stringify([failure.message, failure.details])).not.toContain("sec:ret");
      expect(server.seen.map(({ url }) => url)).toEqual(["/token"]);
      tokenAnswer = (_, response) => json(response, { access_token: "good" });
      expect(await run(step())).toMatchObject({ response: { body: { token: "good" } } });
    },
  );

  test("are not sent to a private address", async () => {
    const authorization = step({ tokenUrl: "http://10.0.0.1/token" });
    expect(await failureOf(run(authorization))).toMatchObject({ code: "target_refused" });
  });
});

test("what a request does follows from its method", () => {
  const effectOf = (method: string, idempotent = false) =>
    executor.effectOf(
      contextOf({ type: "request", method, url: "https://x.example", idempotent }).planned.step,
    ) satisfies ReturnType<StepExecutor["effectOf"]>;
  expect(effectOf("GET")).toEqual({ effect: "read", repeatable: true });
  expect(effectOf("HEAD")).toEqual({ effect: "read", repeatable: true });
  expect(effectOf("PUT")).toEqual({ effect: "write", repeatable: true });
  expect(effectOf("DELETE")).toEqual({ effect: "destroy", repeatable: true });
  expect(effectOf("POST")).toEqual({ effect: "write", repeatable: false });
  expect(effectOf("PATCH")).toEqual({ effect: "write", repeatable: false });
  expect(effectOf("POST", true)).toEqual({ effect: "write", repeatable: true });
});
