import { gzipSync, brotliCompressSync, deflateSync, zstdCompressSync } from "node:zlib";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Front,
  type Respond,
  type Running,
  startFront,
  startProvider,
} from "./testing/start-proxy.ts";

let provider: Running;
let front: Front;
let respond: Respond;

beforeAll(async () => {
  provider = await startProvider((request, response) => respond(request, response));
  front = await startFront({ baseUrl: provider.url, wrap: true });
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const json = { "content-type": "application/json; charset=utf-8" };

async function get(headers: Record<string, string> = {}, method = "GET") {
  const answer = await request(`${front.url}/p/v1`, { headers, method });
  return { ...answer, text: await answer.body.text() };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("a successful JSON answer is put into the envelope", () => {
  test("with its length", async () => {
    respond = (_, response) => {
      response.writeHead(200, { ...json, "content-length": "11" });
      response.end('{"ok":true}');
    };
    const { text, headers } = await get();
    expect(text).toBe('{"output":{"ok":true}}');
    expect(headers["content-length"]).toBe("22");
  });

  test("without a length, in one piece", async () => {
    respond = (_, response) => {
      response.writeHead(201, json);
      response.write('{"ok":');
      response.end("true}");
    };
    expect(await get()).toMatchObject({ statusCode: 201, text: '{"output":{"ok":true}}' });
  });

  test.each([true, false])(
    "in many pieces that come slowly (length known: %j)",
    async (isKnown) => {
      const pieces = ["", '{"a":"', "ü".repeat(20_000), '","b":[', "1,".repeat(30_000), "2]}"];
      const body = pieces.join("");
      respond = async (_, response) => {
        const length = String(Buffer.byteLength(body));
        response.writeHead(200, { ...json, ...(isKnown && { "content-length": length }) });
        for (const piece of pieces) {
          response.write(piece);
          await tick();
        }
        response.end();
      };
      const { text, headers } = await get();
      expect(text).toBe(`{"output":${body}}`);
      expect(headers["content-length"]).toBe(
        isKnown ? String(Buffer.byteLength(body) + 11) : undefined,
      );
    },
  );

  test("also where the status comes long before the body", async () => {
    respond = async (_, response) => {
      response.writeHead(200, json);
      response.flushHeaders();
      await tick();
      response.end("[1]");
    };
    expect((await get()).text).toBe('{"output":[1]}');
  });

  test.each(['{"output":1}', "null", "[]", '"text"', " {} "])(
    "whatever it is: %s",
    async (body) => {
      respond = (_, response) => response.writeHead(200, json).end(body);
      const { text } = await get();
      expect(text).toBe(`{"output":${body}}`);
      expect(JSON.parse(text)).toEqual({ output: JSON.parse(body) });
    },
  );

  test.each(["application/json", "Application/JSON", 'application/json;charset="UTF-8"'])(
    "of type %s",
    async (type) => {
      respond = (_, response) => response.writeHead(200, { "content-type": type }).end("{}");
      expect((await get()).text).toBe('{"output":{}}');
    },
  );
});

describe("the provider is asked not to compress", () => {
  test("whatever the caller accepts", async () => {
    respond = ({ headers }, response) =>
      response.writeHead(200, json).end(JSON.stringify(headers["accept-encoding"]));
    expect((await get({ "accept-encoding": "gzip, br" })).text).toBe('{"output":"identity"}');
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ] as const)("and what it compresses all the same is decoded: %s", async (coding, compress) => {
    const body = JSON.stringify({ text: "x".repeat(200_000), output: 1 });
    respond = (_, response) => {
      const bytes = compress(body);
      response.writeHead(200, {
        ...json,
        "content-encoding": coding,
        "content-length": String(bytes.length),
      });
      response.write(bytes.subarray(0, 20));
      setTimeout(() => response.end(bytes.subarray(20)), 10);
    };
    const { text, headers } = await get();
    expect(text).toBe(`{"output":${body}}`);
    expect(headers["content-encoding"]).toBeUndefined();
  });

  test("and one compressed answer that is cut or spoilt does not look complete", async () => {
    const bytes = gzipSync(JSON.stringify({ text: "x".repeat(50_000) }));
    for (const body of [bytes.subarray(0, bytes.length - 20), Buffer.from("not gzip at all")]) {
      respond = (_, response) =>
        response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(body);
      await expect(get()).rejects.toThrow(/closed|terminated|aborted/);
    }
  });
});

describe("other answers stay as they are", () => {
  test.each([400, 401, 404, 409, 500])(
    "an error (%i) keeps the provider's body",
    async (status) => {
      respond = (_, response) => response.writeHead(status, json).end('{"message":"No."}');
      expect(await get({}, "POST")).toMatchObject({
        statusCode: status,
        text: '{"message":"No."}',
      });
    },
  );

  test.each([
    "text/html",
    "text/plain; charset=utf-8",
    "application/problem+json",
    "application/json-seq",
    "application/json; charset=utf-16",
    "image/png",
  ])("a %s", async (type) => {
    respond = (_, response) => response.writeHead(200, { "content-type": type }).end("{}");
    expect((await get()).text).toBe("{}");
  });

  test("an empty body stays empty, with a length and without", async () => {
    respond = (_, response) => response.writeHead(200, { ...json, "content-length": "0" }).end();
    expect(await get()).toMatchObject({ statusCode: 200, text: "" });
    respond = (_, response) => {
      response.writeHead(200, json);
      response.flushHeaders();
      setTimeout(() => response.end(), 10);
    };
    expect(await get()).toMatchObject({ statusCode: 200, text: "" });
  });

  test("a part of a body", async () => {
    respond = (_, response) => response.writeHead(206, json).end('"ok":t');
    expect((await get()).text).toBe('"ok":t');
  });

  test("a body in a coding that we do not know", async () => {
    respond = (_, response) =>
      response.writeHead(200, { ...json, "content-encoding": "own" }).end("bytes");
    expect(await get()).toMatchObject({ text: "bytes", headers: { "content-encoding": "own" } });
  });

  test.each(["1", "true"])("all of them with X-Paragon-Use-Raw-Response: %s", async (value) => {
    respond = ({ headers }, response) =>
      response.writeHead(200, json).end(JSON.stringify(headers["accept-encoding"] ?? "none"));
    const raw = { "x-paragon-use-raw-response": value, "accept-encoding": "gzip" };
    expect((await get(raw)).text).toBe('"gzip"');
    expect((await get({ "x-paragon-use-raw-response": "false" })).text).toBe(
      '{"output":"identity"}',
    );
  });
});

test("HEAD tells the length that GET would have", async () => {
  respond = (_, response) => response.writeHead(200, { ...json, "content-length": "11" }).end();
  const { headers, text } = await get({}, "HEAD");
  expect([headers["content-length"], text]).toEqual(["22", ""]);
});
