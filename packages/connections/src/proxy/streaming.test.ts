import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { type IncomingMessage, type ServerResponse, request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { Client, request } from "undici";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Respond, type Running, startFront, startProvider } from "./testing/start-proxy.ts";

const megabyte = 1_048_576;
/** Far more than what the sockets' buffers on the way take. */
const total = 64 * megabyte;
const chunk = randomBytes(65_536);

let provider: Running;
let respond: Respond;
let front: ChildProcess;
let frontUrl = "";

beforeAll(async () => {
  provider = await startProvider((request, response) => respond(request, response));
  front = fork(new URL("testing/front-process.ts", import.meta.url), [provider.url], {
    execArgv: ["--expose-gc"],
  });
  frontUrl = `http://127.0.0.1:${(await told(front)).port}`;
  // What is loaded and compiled with the first calls is not what is measured.
  respond = (incoming, response) => incoming.pipe(response);
  for (let count = 0; count < 3; count += 1) {
    const body = Buffer.alloc(4 * megabyte);
    const echo = await request(`${frontUrl}/p/v1`, { method: "POST", body });
    await echo.body.dump();
  }
});
afterAll(async () => {
  front.disconnect();
  await provider[Symbol.asyncDispose]();
});

function told(child: ChildProcess): Promise<Record<string, number>> {
  return new Promise((resolve) => child.once("message", (facts) => resolve(facts as never)));
}

async function measureMemory() {
  const answer = told(front);
  front.send("memory");
  const { rss = 0, held = 0 } = await answer;
  return { rss, held };
}

type Memory = Awaited<ReturnType<typeof measureMemory>>;

/** The process keeps little, and has not grown by what passed through it. */
async function expectFlat(before: Memory): Promise<void> {
  const { rss, held } = await measureMemory();
  expect(held - before.held).toBeLessThan(4 * megabyte);
  expect(rss - before.rss).toBeLessThan(total / 2);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a count stands still, and tells where. */
async function settle(read: () => number): Promise<number> {
  for (let last = -1; last !== read() || last === 0; await pause(300)) last = read();
  return read();
}

/** `total` bytes, and how many of them were taken. */
function createSource() {
  const hash = createHash("sha256");
  const source = { sent: 0, hash, stream: new Readable() };
  source.stream = new Readable({
    read() {
      if (source.sent === total) {
        this.push(null);
        return;
      }
      source.sent += chunk.length;
      hash.update(chunk);
      this.push(chunk);
    },
  });
  return source;
}

describe("an upload of 64 MB to a provider that reads slowly", () => {
  test.each(["declared", "chunked"])(
    "waits, in little memory, and arrives whole (%s)",
    async (kind) => {
      const received = createHash("sha256");
      const reading = Promise.withResolvers<IncomingMessage>();
      respond = (incoming, response) => {
        reading.resolve(incoming);
        incoming.on("data", (data: Buffer) => received.update(data));
        incoming.pause();
        incoming.on("end", () => response.end("done"));
      };
      const before = await measureMemory();
      const source = createSource();
      const answered = request(`${frontUrl}/p/v1`, {
        method: "POST",
        headers: {
          "content-type": "auto",
          ...(kind === "declared" && { "content-length": String(total) }),
        },
        body: source.stream,
      });
      const incoming = await reading.promise;
      expect(await settle(() => source.sent)).toBeLessThan(total * 0.75);
      await expectFlat(before);

      incoming.resume();
      const { statusCode, body } = await answered;
      expect([statusCode, await body.text()]).toEqual([200, "done"]);
      expect(received.digest("hex")).toBe(source.hash.digest("hex"));
      expect(incoming.headers["content-length"]).toBe(
        kind === "declared" ? String(total) : undefined,
      );
      expect(incoming.headers["content-type"]).toBe("application/octet-stream");
      await expectFlat(before);
    },
  );
});

describe("a download of 64 MB by a caller who reads slowly", () => {
  test.each(["declared", "chunked"])(
    "waits, in little memory, and arrives whole (%s)",
    async (kind) => {
      const source = createSource();
      respond = (_, response) => {
        const declared = { "content-length": String(total) };
        response.writeHead(200, kind === "declared" ? declared : {});
        source.stream.pipe(response);
      };
      const before = await measureMemory();
      const { body, headers } = await request(`${frontUrl}/p/v1`);
      expect(headers["content-length"]).toBe(kind === "declared" ? String(total) : undefined);
      expect(await settle(() => source.sent)).toBeLessThan(total * 0.75);
      await expectFlat(before);

      const received = createHash("sha256");
      for await (const data of body as AsyncIterable<Buffer>) received.update(data);
      expect(received.digest("hex")).toBe(source.hash.digest("hex"));
      await expectFlat(before);
    },
  );
});

describe("in an answer", () => {
  test("each piece goes on when it comes", async () => {
    let answer: ServerResponse | undefined;
    respond = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      answer = response;
    };
    const { body, headers } = await request(`${frontUrl}/p/v1`);
    expect(headers["content-type"]).toBe("text/event-stream");
    const pieces = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (const text of ["data: 1\n\n", "data: 2\n\n"]) {
      answer?.write(text);
      expect(String((await pieces.next()).value)).toBe(text);
    }
    answer?.end();
    expect((await pieces.next()).done).toBe(true);
  });
});

describe("an answer that comes before the upload has ended", () => {
  test("reaches the caller, whose connection stays usable", async () => {
    respond = (incoming, response) => {
      response.writeHead(413, { "content-type": "text/plain" }).end("too large");
      incoming.resume();
    };
    await using own = await startFront({ baseUrl: provider.url });
    const client = new Client(own.url);
    const connections = vi.fn();
    client.on("connect", connections);
    const { statusCode, body } = await client.request({
      path: "/p/v1",
      method: "POST",
      body: Buffer.alloc(5 * megabyte),
    });
    expect([statusCode, await body.text()]).toEqual([413, "too large"]);
    respond = (_, response) => response.end("next");
    const next = await client.request({ path: "/p/v1", method: "GET" });
    expect(await next.body.text()).toBe("next");
    expect(connections).toHaveBeenCalledOnce();
    await client.close();
  });

  test("and by a provider that stops reading does not hold the caller up", async () => {
    respond = (_, response) => {
      response.writeHead(400, { "content-type": "text/plain" }).end("no");
    };
    const sent = httpRequest(`${frontUrl}/p/v1`, { method: "PUT" });
    const answered = new Promise<IncomingMessage>((resolve) => sent.once("response", resolve));
    // The connection may be closed once the answer is there: then there is nothing to wait for.
    const closed = new Promise((resolve) => sent.once("close", resolve));
    sent.on("error", () => undefined);
    for (let count = 0; count < 100 && !sent.closed; count += 1) {
      const drained = new Promise((resolve) => sent.once("drain", resolve));
      if (!sent.write(chunk)) await Promise.race([drained, closed]);
    }
    const answer = await answered;
    expect(answer.statusCode).toBe(400);
    sent.end();
    expect(Buffer.concat(await answer.toArray()).toString()).toBe("no");
  });
});
