import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { generate } from "selfsigned";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Log } from "../log.ts";
import {
  type Front,
  type Respond,
  type Running,
  startFront,
  startProvider,
  startRawProvider,
} from "./testing/start-proxy.ts";

let provider: Running;
let front: Front;
let impatient: Front;
let respond: Respond;
let arrived = 0;
let warnings: object[] = [];

const log: Log = { info: () => undefined, warn: (facts) => warnings.push(facts), error: vi.fn() };

beforeAll(async () => {
  provider = await startProvider((request, response) => {
    arrived += 1;
    respond(request, response);
  });
  front = await startFront({ baseUrl: provider.url, wrap: true, proxy: { log } });
  const timeouts = { headersMs: 300, bodyIdleMs: 300 };
  impatient = await startFront({ baseUrl: provider.url, wrap: true, proxy: { timeouts, log } });
});
beforeEach(() => {
  arrived = 0;
  warnings = [];
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await impatient[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const json = { "content-type": "application/json" };

describe("an answer that stops in its middle", () => {
  test.each([
    ["with a length", { "content-length": "1000" }],
    ["in chunks", {}],
  ])("%s is broken off, logged, and not asked for again", async (_, headers) => {
    respond = (incoming, response) => {
      response.writeHead(200, { ...json, ...headers });
      response.write('{"a":');
      setTimeout(() => incoming.socket.destroy(), 50);
    };
    const { statusCode, body } = await request(`${front.url}/p/v1`);
    expect(statusCode).toBe(200);
    await expect(body.text()).rejects.toThrow();
    expect(arrived).toBe(1);
    expect(warnings).toMatchObject([{ connectionId: "c1", code: "UND_ERR_SOCKET" }]);
  });

  test("is broken off when it stands still for too long", async () => {
    respond = (_, response) => void response.writeHead(200, json).write('{"a":');
    const { body } = await request(`${impatient.url}/p/v1`);
    await expect(body.text()).rejects.toThrow();
    expect(warnings).toMatchObject([{ code: "UND_ERR_BODY_TIMEOUT" }]);
  });

  test("by its last chunk only is broken off too", async () => {
    await using raw = await startRawProvider((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
        setTimeout(() => socket.end(), 50);
      });
    });
    await using other = await startFront({ baseUrl: raw.url });
    const { body } = await request(`${other.url}/p/v1`);
    await expect(body.text()).rejects.toThrow();
  });
});

describe("a provider that is slow", () => {
  test("to answer is given up with 504, and not asked again", async () => {
    respond = () => undefined;
    const { statusCode, body } = await request(`${impatient.url}/p/v1`);
    expect(statusCode).toBe(504);
    expect(await body.json()).toMatchObject({
      code: "provider_timeout",
      details: { outcome: "unknown" },
    });
    expect(arrived).toBe(1);
  });
});

test("a provider whose certificate proves nothing is sent nothing", async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
  const handle = vi.fn();
  const server = createTlsServer({ key, cert }, handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await using other = await startFront({ baseUrl: `https://127.0.0.1:${port}` });
  const { statusCode, body } = await request(`${other.url}/p/v1`, { method: "POST", body: "x" });
  expect(statusCode).toBe(502);
  expect(await body.json()).toMatchObject({
    code: "provider_unavailable",
    message: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT") as string,
    details: { outcome: "not_sent" },
  });
  expect(handle).not.toHaveBeenCalled();
  server.close();
});

test("an HTML error page passes as it is", async () => {
  respond = (_, response) =>
    response.writeHead(403, { "content-type": "text/html", "cf-ray": "1" }).end("<h1>No</h1>");
  const { statusCode, headers, body } = await request(`${front.url}/p/v1`);
  expect([statusCode, headers["content-type"], await body.text()]).toEqual([
    403,
    "text/html",
    "<h1>No</h1>",
  ]);
});

describe("a caller who goes away", () => {
  const gone = (incoming: IncomingMessage) =>
    new Promise<void>((resolve) => incoming.socket.once("close", () => resolve()));

  test("before the answer ends the request to the provider", async () => {
    const ended = new Promise<void>((resolve) => {
      respond = (incoming) => void gone(incoming).then(resolve);
    });
    const abort = new AbortController();
    const sent = request(`${front.url}/p/v1`, { method: "POST", body: "x", signal: abort.signal });
    await expect.poll(() => arrived).toBe(1);
    abort.abort();
    await expect(sent).rejects.toThrow();
    await ended;
    expect(front.errors).toEqual([]);
  });

  test("in the middle of the answer ends it", async () => {
    const ended = new Promise<void>((resolve) => {
      respond = (incoming, response) => {
        void gone(incoming).then(resolve);
        response.writeHead(200, json);
        const timer = setInterval(() => response.write("1,"), 10);
        response.on("close", () => clearInterval(timer));
      };
    });
    const { body } = await request(`${front.url}/p/v1`);
    body.on("error", () => undefined);
    await new Promise((resolve) => body.once("data", resolve));
    body.destroy();
    await ended;
  });

  test("in the middle of an upload ends it, and the provider sees it cut", async () => {
    const cut = new Promise<boolean>((resolve) => {
      respond = (incoming) => {
        incoming.resume();
        incoming.on("close", () => resolve(incoming.complete));
      };
    });
    const socket = connect(front.port, "127.0.0.1");
    socket.write("POST /p/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n");
    socket.write(Buffer.alloc(2_000_000));
    await expect.poll(() => arrived).toBe(1);
    socket.destroy();
    expect(await cut).toBe(false);
  });

  test("while waiting for a permit uses none", async () => {
    const rateLimit = { requests: 1, windowMs: 1_500 };
    await using other = await startFront({ baseUrl: provider.url, connector: { rateLimit } });
    respond = (_, response) => response.end("ok");
    await request(`${other.url}/p/v1`);
    const abort = new AbortController();
    const waiting = request(`${other.url}/p/v1`, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(waiting).rejects.toThrow();
    expect((await request(`${other.url}/p/v1`)).statusCode).toBe(200);
    expect(arrived).toBe(2);
    expect(other.errors).toEqual([]);
  });

  test("before the server knew who it was is not served", async () => {
    const { promise, resolve, reject } = Promise.withResolvers<ServerResponse>();
    await using server = await startProvider((incoming, response) => {
      response.once("close", () => {
        const { proxy, connector } = front;
        proxy.forward(incoming, response, {
          connector,
          connectionId: "c1",
          path: "/v1",
          wrap: true,
          requestId: "r1",
          priority: "interactive",
          onError: reject,
        });
        resolve(response);
      });
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    setTimeout(() => socket.destroy(), 50);
    expect((await promise).headersSent).toBe(false);
    await new Promise((done) => setTimeout(done, 50));
    expect(arrived).toBe(0);
  });
});
