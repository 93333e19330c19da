import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { Client, request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Front,
  type Running,
  startFront,
  startProvider,
  startRawProvider,
} from "./testing/start-proxy.ts";
import { sendRaw } from "./testing/raw-client.ts";

let provider: Running;
let stranger: Running;
let front: Front;
let seen: { url: string; headers: Record<string, unknown>; body: string }[] = [];
let strangersSaw: unknown[] = [];

beforeAll(async () => {
  provider = await startProvider(async (request, response) => {
    const { url = "", headers } = request;
    const chunks = await request.toArray().catch(() => undefined);
    if (chunks === undefined) return;
    seen.push({ url, headers, body: Buffer.concat(chunks).toString("latin1") });
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  stranger = await startProvider((request, response) => {
    strangersSaw.push(request.headers);
    response.end("secret");
  });
  front = await startFront({ baseUrl: provider.url, wrap: true });
});
beforeEach(() => {
  seen = [];
  strangersSaw = [];
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  await stranger[Symbol.asyncDispose]();
});

describe("a target that is not the provider's", () => {
  const targets = () => [
    `${stranger.url}/v1`,
    `http://user@127.0.0.1:${stranger.port}/`,
    `http://127.0.0.1:${provider.port}@127.0.0.1:${stranger.port}/`,
    `http://127.0.0.1:${stranger.port}\\@127.0.0.1:${provider.port}/`,
    `//127.0.0.1:${stranger.port}/`,
    `\\\\127.0.0.1:${stranger.port}/`,
    "http://169.254.169.254/latest/meta-data/",
    "https://api.provider.example.evil.example/",
    "file:///etc/passwd",
  ];

  test("is refused in the path", async () => {
    for (const target of targets()) {
      const received = await sendRaw(
        front.port,
        `GET /p/${target.replace(/^\/\//, "/")} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      );
      expect(received).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect([seen, strangersSaw]).toEqual([[], []]);
  });

  test("is refused in the header", async () => {
    for (const target of targets()) {
      const headers = { "x-paragon-proxy-url": target };
      const { statusCode, body } = await request(`${front.url}/p/v1`, { headers });
      expect(statusCode).toBe(400);
      expect(await body.json()).toMatchObject({ code: "proxy_target_refused" });
    }
    expect([seen, strangersSaw]).toEqual([[], []]);
  });

  test("cannot be smuggled in by Host or an absolute request line", async () => {
    await sendRaw(
      front.port,
      `GET /p/v1 HTTP/1.1\r\nhost: 127.0.0.1:${stranger.port}\r\nx-forwarded-host: 127.0.0.1:${stranger.port}\r\nconnection: close\r\n\r\n`,
    );
    expect(seen).toMatchObject([{ url: "/v1", headers: { host: `127.0.0.1:${provider.port}` } }]);
    expect(strangersSaw).toEqual([]);
  });
});

describe("headers", () => {
  test("cannot be injected through a target", async () => {
    const headers = { "x-paragon-proxy-url": "/v1?a=%0d%0ax-evil:%201%0d%0a%0d%0aGET%20/evil" };
    await request(`${front.url}/p/v1`, { headers });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers["x-evil"]).toBeUndefined();
  });

  test("that Connection names cannot take ours away", async () => {
    await sendRaw(
      front.port,
      [
        "POST /p/v1 HTTP/1.1",
        "host: x",
        "authorization: Bearer user-token",
        "x-private: 1",
        "content-type: text/plain",
        "connection: close, authorization, provider-version, via, content-length, x-private, host",
        "content-length: 4",
        "",
        "body",
      ].join("\r\n"),
    );
    expect(seen).toMatchObject([
      {
        body: "body",
        headers: {
          authorization: "Bearer token-1",
          "provider-version": "2",
          via: "1.1 tenon",
          host: `127.0.0.1:${provider.port}`,
        },
      },
    ]);
    expect(seen[0]?.headers["x-private"]).toBeUndefined();
  });

  test("with names of object properties are headers like any other", async () => {
    const names = ["constructor", "__proto__", "hasOwnProperty"];
    const lines = names.map((name) => `${name}: 1\r\n`).join("");
    await sendRaw(front.port, `GET /p/v1 HTTP/1.1\r\nhost: x\r\n${lines}connection: close\r\n\r\n`);
    expect(seen[0]?.headers["constructor"]).toBe("1");
    expect(seen[0]?.headers["authorization"]).toBe("Bearer token-1");
  });

  test("in many spellings do not fill the memory", async () => {
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 60; count += 1) {
      const headers = Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [`x-${count}-${index}`, "1"]),
      );
      const { body } = await request(`${front.url}/p/v1`, { headers });
      await body.dump();
    }
    expect(Object.keys(seen.at(-1)?.headers ?? {}).length).toBeGreaterThan(100);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });
});

describe("smuggling towards the provider", () => {
  const hidden = "GET /evil HTTP/1.1\r\nhost: x\r\n\r\n";

  test.each([
    [
      "two kinds of framing",
      `content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ["two lengths", `content-length: 2\r\ncontent-length: 40\r\n\r\n{}${hidden}`],
    ["an unknown coding", `transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
    ["a spoilt name", `content-length : 2\r\n\r\n{}${hidden}`],
    ["a negative length", `content-length: -1\r\n\r\n${hidden}`],
    ["a folded line", `x-a: 1\r\n transfer-encoding: chunked\r\n content-length: 2\r\n\r\n{}`],
    ["a bare line feed", `x-a: 1\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{}`],
  ])("by %s is refused or framed anew", async (_, rest) => {
    await sendRaw(front.port, `POST /p/v1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${rest}`);
    expect(seen.map(({ url }) => url)).not.toContain("/evil");
  });

  test("by a body that looks like requests leaves it a body", async () => {
    for (const framing of ["declared", "chunked"]) {
      seen = [];
      const body =
        framing === "declared"
          ? hidden
          : Readable.from([Buffer.from("0\r\n\r\n"), Buffer.from(hidden)]);
      const answer = await request(`${front.url}/p/v1`, { method: "POST", body });
      await answer.body.dump();
      expect(seen.map(({ url }) => url)).toEqual(["/v1"]);
      expect(seen[0]?.body.endsWith(hidden)).toBe(true);
    }
  });

  test("by a body shorter than announced never completes a request", async () => {
    const socket: Socket = connect(front.port, "127.0.0.1");
    socket.write("POST /p/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n");
    socket.write("x".repeat(1_500_000));
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).toEqual([]);
    expect((await request(`${front.url}/p/v1`)).statusCode).toBe(200);
  });
});

describe("a hostile provider", () => {
  async function ask(answer: string, times = 2) {
    await using raw = await startRawProvider((socket) =>
      socket.on("data", () => socket.write(answer)),
    );
    await using other = await startFront({ baseUrl: raw.url });
    const client = new Client(other.url);
    const texts: string[] = [];
    for (let count = 0; count < times; count += 1) {
      const { statusCode, body } = await client.request({
        path: "/p/v1",
        method: "POST",
        body: "x",
      });
      texts.push(`${statusCode} ${await body.text()}`);
    }
    await client.destroy();
    return texts;
  }

  test("does not get a second answer to the next caller", async () => {
    const evil = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nEVIL";
    const texts = await ask(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood${evil}`, 3);
    expect(texts.join()).not.toContain("EVIL");
  });

  test.each([
    ["both lengths", "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"],
    ["two lengths", "content-length: 2\r\ncontent-length: 30\r\n\r\nok"],
    ["a spoilt length", "content-length: 2x\r\n\r\nok"],
    ["a spoilt chunk", "transfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n"],
    ["an oversized head", `x-a: ${"a".repeat(40_000)}\r\n\r\n`],
    ["a header that is none", "no colon here\r\n\r\n"],
  ])("cannot desynchronize us by %s", async (_, rest) => {
    const answer = ask(`HTTP/1.1 200 OK\r\n${rest}`, 1);
    const [text] = await answer.catch(() => ["broken off"]);
    expect(["200 ok", "broken off"].includes(text ?? "") || text?.startsWith("502 ")).toBe(true);
  });

  test("that says nothing of HTTP is unavailable", async () => {
    const [text = ""] = await ask("SSH-2.0-OpenSSH_9.6\r\n", 1);
    expect(text).toMatch(/^502 .*provider_unavailable/);
  });

  test("cannot make us pass on interim answers", async () => {
    const [text] = await ask(
      "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" +
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
      1,
    );
    expect(text).toBe("200 ok");
  });
});
