import { createServer } from "node:http";
import { AppError } from "@tenon/connector";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Front,
  realProvider,
  type Respond,
  type Running,
  startFront,
  startProvider,
  startRawProvider,
} from "./testing/start-proxy.ts";

interface Seen {
  method: string;
  url: string;
  token: string;
  body: string;
}

let provider: Running;
let front: Front;
let seen: Seen[] = [];
/** One for each request in turn; the last one for all that follow. */
let script: Respond[] = [];

beforeAll(async () => {
  provider = await startProvider(async (request, response) => {
    const turn = Math.min(seen.length, script.length - 1);
    const { method = "", url = "", headers } = request;
    const entry = { method, url, token: headers.authorization ?? "", body: "" };
    seen.push(entry);
    for await (const chunk of request as AsyncIterable<Buffer>) entry.body += chunk.toString();
    script[turn]?.(request, response);
  });
});
beforeEach(async () => {
  seen = [];
  front = await startFront({ baseUrl: provider.url });
  return () => front[Symbol.asyncDispose]();
});
afterAll(() => provider[Symbol.asyncDispose]());

const status =
  (code: number, headers: Record<string, string> = {}, body = `"${code}"`): Respond =>
  (_, response) =>
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(body);

const cut: Respond = (request) => request.socket.destroy();

async function send(method = "GET", options: { body?: string; headers?: object } = {}) {
  const headers = { "content-type": "text/plain", ...options.headers };
  const answer = await request(`${front.url}/p/v1`, { method, ...options, headers });
  return { ...answer, text: await answer.body.text() };
}

describe("429 and 529", () => {
  test.each([429, 529])("%i is sent again for any method, with its body", async (code) => {
    script = [status(code, { "retry-after": "0" }), status(200)];
    expect(await send("POST", { body: "once" })).toMatchObject({ statusCode: 200, text: '"200"' });
    expect(seen.map(({ body }) => body)).toEqual(["once", "once"]);
  });

  test("Retry-After may be a date", async () => {
    const date = new Date(Date.now() + 1_000).toUTCString();
    script = [status(429, { "retry-after": date }), status(200)];
    expect((await send("PATCH", { body: "x" })).statusCode).toBe(200);
  });

  test("everyone with the same connection waits for it", async () => {
    script = [status(429, { "retry-after": "2" }), status(200)];
    const first = send();
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const others = Array.from({ length: 5 }, () => send());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toHaveLength(1);
    for (const { statusCode } of await Promise.all([first, ...others]))
      expect(statusCode).toBe(200);
    expect(seen).toHaveLength(7);
  });

  test("a wait beyond the budget is left to the caller, with the provider's own answer", async () => {
    script = [status(429, { "retry-after": "61" }, '{"code":"rate_limited"}')];
    const { statusCode, headers, text } = await send();
    expect([statusCode, headers["retry-after"], text]).toEqual([
      429,
      "61",
      '{"code":"rate_limited"}',
    ]);
    expect(seen).toHaveLength(1);
  });

  test("after such an answer, calls are refused until the provider's time is over", async () => {
    script = [status(429, { "retry-after": "120" })];
    await send();
    const { statusCode, headers, text } = await send();
    expect(statusCode).toBe(429);
    expect(Number(headers["retry-after"])).toBeGreaterThan(100);
    expect(JSON.parse(text)).toMatchObject({ code: "rate_limited" });
    expect(seen).toHaveLength(1);
  });

  test("a provider that goes on saying so is believed in the end", async () => {
    script = [status(429, { "retry-after": "0" })];
    expect(await send()).toMatchObject({ statusCode: 429, text: '"429"' });
    expect(seen).toHaveLength(6);
  });

  test("a body that was streamed is not sent again", async () => {
    script = [status(429, { "retry-after": "0" }), status(200)];
    expect((await send("POST", { body: "x".repeat(2_000_000) })).statusCode).toBe(429);
    expect(seen).toHaveLength(1);
  });
});

describe("a broken provider", () => {
  test.each([500, 502, 503, 504])("%i is tried again where that is harmless", async (code) => {
    script = [status(code), status(200)];
    for (const method of ["GET", "PUT", "DELETE"]) {
      seen = [];
      expect((await send(method)).statusCode).toBe(200);
      expect(seen).toHaveLength(2);
    }
  });

  test("a write that was saved before its 503 is not doubled", async () => {
    script = [status(503, { "retry-after": "0" }, '{"committed_resource_id":"1"}'), status(200)];
    for (const method of ["POST", "PATCH"]) {
      seen = [];
      const answer = await send(method, { body: "x" });
      expect(answer).toMatchObject({ statusCode: 503, text: '{"committed_resource_id":"1"}' });
      expect(seen).toHaveLength(1);
    }
  });

  test("an Idempotency-Key makes a write harmless to repeat", async () => {
    script = [status(503), cut, status(200)];
    const headers = { "idempotency-key": "k1" };
    expect((await send("POST", { body: "x", headers })).statusCode).toBe(200);
    expect(seen.map(({ body }) => body)).toEqual(["x", "x", "x"]);
  });

  test("is left alone after three times, and its answer passed on", async () => {
    script = [status(500, {}, '"own words"')];
    expect(await send()).toMatchObject({ statusCode: 500, text: '"own words"' });
    expect(seen).toHaveLength(3);
  });

  test("a Retry-After beyond the budget is left to the caller", async () => {
    script = [status(503, { "retry-after": "600" }), status(200)];
    expect((await send()).statusCode).toBe(503);
  });

  test("501 and 505 say no for good", async () => {
    for (const code of [501, 505]) {
      seen = [];
      script = [status(code), status(200)];
      expect((await send()).statusCode).toBe(code);
      expect(seen).toHaveLength(1);
    }
  });
});

describe("a connection that breaks before the answer", () => {
  test("is tried again where that is harmless", async () => {
    script = [cut, status(200)];
    expect((await send("DELETE")).statusCode).toBe(200);
    expect(seen).toHaveLength(2);
  });

  test("is reported with an unknown outcome where it is not", async () => {
    script = [cut, status(200)];
    const { statusCode, text } = await send("POST", { body: "x" });
    expect(statusCode).toBe(502);
    expect(JSON.parse(text)).toMatchObject({
      code: "provider_unavailable",
      details: { outcome: "unknown" },
    });
    expect(seen).toHaveLength(1);
  });

  test("with an answer that was begun but not passed on is tried again", async () => {
    let count = 0;
    await using raw = await startRawProvider((socket) => {
      socket.once("data", () => {
        const head = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
        socket.end((count += 1) === 1 ? head : `${head}ok`);
      });
    });
    await using other = await startFront({ baseUrl: raw.url });
    const { statusCode, body } = await request(`${other.url}/p/v1`);
    expect([statusCode, await body.text(), count]).toEqual([200, "ok", 2]);
  });
});

describe("a provider that is down", () => {
  test("is reported, and that nothing was sent", async () => {
    const gone = await startProvider(() => undefined);
    await gone[Symbol.asyncDispose]();
    await using other = await startFront({ baseUrl: gone.url });
    const { statusCode, body } = await request(`${other.url}/p/v1`, { method: "POST", body: "x" });
    expect(statusCode).toBe(502);
    expect(await body.json()).toMatchObject({
      code: "provider_unavailable",
      message: expect.stringContaining("ECONNREFUSED") as string,
      details: { outcome: "not_sent" },
    });
  });

  test.each([10, 3_000_000])("and comes back is sent a POST of %i bytes, once", async (size) => {
    const gone = await startProvider(() => undefined);
    await gone[Symbol.asyncDispose]();
    await using other = await startFront({ baseUrl: gone.url });
    const bodies: number[] = [];
    const back = createServer((incoming, response) => {
      let size = 0;
      incoming.on("data", (data: Buffer) => (size += data.length));
      incoming.on("end", () => {
        bodies.push(size);
        response.end("ok");
      });
    });
    const answered = request(`${other.url}/p/v1`, { method: "POST", body: Buffer.alloc(size) });
    setTimeout(() => back.listen(gone.port, "127.0.0.1"), 50);
    expect((await answered).statusCode).toBe(200);
    expect(bodies).toEqual([size]);
    back.closeAllConnections();
    back.close();
  });
});

describe("401", () => {
  const needs =
    (token: string): Respond =>
    ({ headers }, response) =>
      response.writeHead(headers.authorization === `Bearer ${token}` ? 200 : 401).end();

  test("renews the token once and sends again, with the body", async () => {
    script = [needs("token-2")];
    expect((await send("POST", { body: "x" })).statusCode).toBe(200);
    expect(seen).toMatchObject([
      { token: "Bearer token-1", body: "x" },
      { token: "Bearer token-2", body: "x" },
    ]);
    expect(front.renewals).toEqual([1]);
  });

  test("of a new token is the provider's word", async () => {
    script = [status(401, {}, '{"code":"unauthorized"}')];
    expect(await send()).toMatchObject({ statusCode: 401, text: '{"code":"unauthorized"}' });
    expect(seen).toHaveLength(2);
    expect(front.renewals).toEqual([1]);
  });

  test("of a connection that cannot be renewed is told in our words", async () => {
    const invalid = new AppError("connection_invalid", 409, "Connect the account again.");
    await using other = await startFront({
      baseUrl: provider.url,
      credentials: {
        get: async () => ({
          connectionId: "c1",
          accessToken: "old",
          tokenVersion: 1,
          baseUrl: provider.url,
        }),
        renew: () => Promise.reject(invalid),
      },
    });
    script = [status(401)];
    expect((await request(`${other.url}/p/v1`)).statusCode).toBe(409);
    expect(other.errors).toEqual([invalid]);
  });

  test("for a body that was streamed renews the token and asks for the body again", async () => {
    script = [needs("token-2")];
    const body = "x".repeat(2_000_000);
    const refused = await send("POST", { body });
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "0"]);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "upload_not_repeatable" });
    expect((await send("POST", { body })).statusCode).toBe(200);
    expect(seen.at(-1)?.body).toBe(body);
    expect(front.renewals).toEqual([1]);
  });
});

describe("credentials", () => {
  test("that cannot be had are an error before anything is sent", async () => {
    const fault = new AppError("connection_not_found", 404, "No such connection.");
    for (const get of [() => Promise.reject(fault), failWith(fault)]) {
      const credentials = { get, renew: get };
      await using other = await startFront({ baseUrl: provider.url, credentials });
      expect((await request(`${other.url}/p/v1`)).statusCode).toBe(404);
      expect(other.errors).toEqual([fault]);
    }
    expect(seen).toEqual([]);
  });
});

function failWith(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe("the limiter", () => {
  test("refuses what would wait for longer than the call may", async () => {
    const rateLimit = { requests: 2, windowMs: 120_000 };
    await using other = await startFront({ baseUrl: provider.url, connector: { rateLimit } });
    script = [status(200)];
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { statusCode, body } = await request(`${other.url}/p/v1`);
      await body.dump();
      statuses.push(statusCode);
    }
    expect(statuses).toEqual([200, 200, 429]);
    expect(other.errors).toMatchObject([{ code: "rate_limited", status: 429 }]);
    expect(seen).toHaveLength(2);
  });

  test("lets wait what need not wait for long", async () => {
    const rateLimit = { requests: 2, windowMs: 300 };
    await using other = await startFront({ baseUrl: provider.url, connector: { rateLimit } });
    script = [status(200)];
    const answers = await Promise.all([1, 2, 3, 4].map(() => request(`${other.url}/p/v1`)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  });
});

describe("redirects", () => {
  const to = (location: string, code = 302) => status(code, { location });

  test.each(["/v1/b?c", "b?c", `${realProvider}/v1/b?c`])(
    "to the provider's own %s are followed with the token",
    async (location) => {
      for (const method of ["GET", "HEAD"]) {
        seen = [];
        script = [to(location), status(200)];
        expect((await send(method)).statusCode).toBe(200);
        expect(seen.map(({ url }) => url)).toEqual([
          "/v1",
          location === "b?c" ? "/b?c" : "/v1/b?c",
        ]);
        expect(seen[1]).toMatchObject({ method, token: "Bearer token-1" });
      }
    },
  );

  test("are followed five times", async () => {
    script = [to("/1"), to("/2"), to("/3", 301), to("/4", 307), to("/5", 308), status(200)];
    expect((await send()).statusCode).toBe(200);
    seen = [];
    script = [to("/again")];
    const { statusCode, headers } = await send();
    expect([statusCode, headers["location"], seen.length]).toEqual([302, "/again", 6]);
  });

  test("of other methods are the caller's to judge", async () => {
    for (const code of [302, 303, 307]) {
      seen = [];
      script = [to("/v1/b", code)];
      const { statusCode, headers } = await send("POST", { body: "x" });
      expect([statusCode, headers["location"], seen.length]).toEqual([code, "/v1/b", 1]);
    }
  });

  test("to another host are passed on, and nothing is sent there", async () => {
    let strangers = 0;
    await using stranger = await startProvider((_, response) => {
      strangers += 1;
      response.end();
    });
    for (const location of [`${stranger.url}/v1`, `//127.0.0.1:${stranger.port}/v1`]) {
      script = [to(location)];
      const { statusCode, headers } = await send();
      expect([statusCode, headers["location"]]).toEqual([302, location]);
    }
    expect(strangers).toBe(0);
  });

  test("without a Location are answers like any other", async () => {
    script = [status(302)];
    expect((await send()).statusCode).toBe(302);
  });
});
