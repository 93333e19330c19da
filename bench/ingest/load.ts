import { createHmac, randomUUID } from "node:crypto";
import { connect } from "node:net";
import type { LoadResult } from "../load.ts";
import { serveParty } from "../party.ts";

/** Where events are sent, and what they are signed with. */
export interface IngestTarget {
  port: number;
  path: string;
  token: string;
  /** The accounts that events are of, in turn. */
  accounts: readonly { workspaceId: string; botId: string }[];
}

/** As many connections as `concurrency`, each with one event after the other. */
export interface IngestLoad extends IngestTarget {
  concurrency: number;
  durationMs: number;
}

/** Generates load over plain sockets: each event is new and signed, with a body of about 1 kB. */
async function run(load: IngestLoad): Promise<LoadResult> {
  const latencies: number[] = [];
  const next = createRequests(load);
  const startedAt = performance.now();
  const until = startedAt + load.durationMs;
  await Promise.all(
    Array.from({ length: load.concurrency }, () => repeat(load.port, next, { until, latencies })),
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

function createRequests({ port, path, token, accounts }: IngestLoad): () => string {
  const blocks = Array.from({ length: 3 }, () => ({ id: randomUUID(), type: "block" }));
  let count = 0;
  return () => {
    count += 1;
    const account = accounts[count % accounts.length];
    const body = JSON.stringify({
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      workspace_id: account?.workspaceId,
      workspace_name: "Benchmark",
      subscription_id: "1c6f6b3e-0000-4000-8000-000000000001",
      integration_id: "1c6f6b3e-0000-4000-8000-000000000002",
      authors: [{ id: "1c6f6b3e-0000-4000-8000-000000000003", type: "person" }],
      accessible_by: [
        { id: "1c6f6b3e-0000-4000-8000-000000000003", type: "person" },
        { id: account?.botId, type: "bot" },
      ],
      attempt_number: 1,
      api_version: "2026-03-11",
      entity: { id: "1c6f6b3e-0000-4000-8000-000000000004", type: "page" },
      type: "page.content_updated",
      data: {
        parent: { id: "1c6f6b3e-0000-4000-8000-000000000005", type: "page" },
        updated_blocks: blocks,
      },
    });
    const signature = createHmac("sha256", token).update(body).digest("hex");
    return [
      `POST ${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      "content-type: application/json",
      `x-notion-signature: sha256=${signature}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  };
}

interface Measured {
  until: number;
  latencies: number[];
}

function repeat(port: number, next: () => string, { until, latencies }: Measured): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    const send = () => {
      const request = next();
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      // The answers are so small that each comes as one.
      if (!chunk.toString("latin1", 0, 12).startsWith("HTTP/1.1 200")) {
        reject(new Error(`Not the answer that was expected:\n${chunk.toString("latin1")}`));
        return;
      }
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < until) send();
      else socket.end(resolve);
    });
  });
}

serveParty({ facts: {}, answer: (question) => run(question as IngestLoad) });
