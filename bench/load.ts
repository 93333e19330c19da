import { connect } from "node:net";
import { type Party, serveParty } from "./party.ts";

/** What is asked. */
export interface Target {
  port: number;
  path: string;
  token: string;
}

/** What is measured beside others. */
export interface Contender {
  label: string;
  party: Party<Target>;
}

/** What to do: as many connections as `concurrency`, each with one request after the other. */
export interface Load extends Target {
  /** JSON to post; without it the request is a GET. */
  body?: string;
  concurrency: number;
  durationMs: number;
}

export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/**
 * Generates load over plain sockets: it must cost far less than what it measures. The headers are
 * those that the SDK sends.
 */
async function run(load: Load): Promise<LoadResult> {
  const { port, path, token, body, concurrency, durationMs } = load;
  const request = Buffer.from(
    [
      `${body === undefined ? "GET" : "POST"} ${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      "accept: application/json",
      `content-type: ${body === undefined ? "auto" : "application/json"}`,
      "x-paragon-sdk-version: 2.4.0",
      `authorization: Bearer ${token}`,
      ...(body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
      "",
      body ?? "",
    ].join("\r\n"),
  );
  const latencies: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + durationMs;
  await Promise.all(
    Array.from({ length: concurrency }, () => repeat({ port, request, until, latencies })),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    requestsPerSecond: latencies.length / seconds,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  };
}

interface Repetition {
  port: number;
  request: Buffer;
  until: number;
  latencies: number[];
}

function repeat({ port, request, until, latencies }: Repetition): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    let missing = 0;
    const send = () => {
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      missing = missing === 0 ? readHead(chunk) : missing - chunk.length;
      if (missing > 0) return;
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < until) send();
      else socket.end(resolve);
    });
  });
}

/** How many bytes of the answer are still to come. */
function readHead(chunk: Buffer): number {
  const end = chunk.indexOf("\r\n\r\n");
  const head = chunk.toString("latin1", 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith("HTTP/1.1 200") || length === undefined) {
    throw new Error(`Not the answer that was expected:\n${chunk.toString("latin1")}`);
  }
  return end + 4 + Number(length) - chunk.length;
}

serveParty({ facts: {}, answer: (question) => run(question as Load) });
