import type { FastifyReply } from "fastify";

/** A stream of server-sent events that is open. */
export interface EventStream {
  /** Sends one event; `id` is what the client sends back as `Last-Event-ID`. */
  send(event: { name: string; id: string; data: unknown }): void;
  close(): void;
  /** Ends when the stream does, whoever ended it. */
  signal: AbortSignal;
}

const heartbeatMs = 15_000;
/** A reader that is this far behind is let go: it asks again with the last id it has seen. */
const maxBehindBytes = 8 * 1_048_576;

/** Begins an answer that is a stream of events, kept open with heartbeats. */
export function openEventStream(reply: FastifyReply, stopping: AbortSignal): EventStream {
  const response = reply.raw;
  const ended = new AbortController();
  reply.hijack();
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Proxies in front must not wait for more.
    "x-accel-buffering": "no",
    "x-tenon-request-id": String(reply.getHeader("x-tenon-request-id") ?? ""),
  });
  response.write("retry: 1000\n\n");

  const heartbeat = setInterval(() => response.write(": heartbeat\n\n"), heartbeatMs);
  const close = () => {
    if (!response.writableEnded) response.end();
    ended.abort();
  };
  stopping.addEventListener("abort", close, { once: true });
  ended.signal.addEventListener("abort", () => {
    clearInterval(heartbeat);
    stopping.removeEventListener("abort", close);
  });
  response.on("close", () => ended.abort());
  response.on("error", () => ended.abort());
  if (stopping.aborted) close();

  return {
    send({ name, id, data }) {
      if (ended.signal.aborted) return;
      response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > maxBehindBytes) response.destroy();
    },
    close,
    signal: ended.signal,
  };
}
