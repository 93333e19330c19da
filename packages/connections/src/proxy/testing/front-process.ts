import { startFront } from "./start-proxy.ts";

/** A front server in a process of its own, whose memory can be measured. */
const front = await startFront({ baseUrl: process.argv[2] ?? "" });

// Buffers are freed in the background, some time after the collection that found them.
process.on("message", () => {
  globalThis.gc?.();
  setTimeout(() => {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, held: heapUsed + external });
  }, 50);
});
process.on("disconnect", () => process.exit());
process.send?.({ port: front.port });
