import { readFile } from "node:fs/promises";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

/** The SDK's instance in the page; what it answers is for the tests to check. */
interface Sdk {
  authenticate(projectId: string, token: string, options?: object): Promise<void>;
  getUser(): any;
  getIntegrationMetadata(): any;
  getIntegrationAccount(type: string, options: object): Promise<any>;
  setUserMetadata(metadata: object): Promise<any>;
  request(type: string, path: string, options?: object): Promise<any>;
  connect(type: string, options: object): Promise<any>;
  installIntegration(type: string, options?: object): Promise<any>;
  uninstallIntegration(type: string, options?: object): Promise<any>;
  subscribe(event: string, listener: (event: any) => void): void;
  setHeadless(headless: boolean): void;
  installFlow: { start(type: string, options: object): void };
}
declare global {
  interface Window {
    ConnectSDK: new (environments: object | string) => Sdk;
    paragon: Sdk;
    seen: unknown[];
  }
}

const sdkFile = resolve(
  createRequire(import.meta.url).resolve("@useparagon/connect"),
  "../ConnectSDK.js",
);

/**
 * A customer's page on an origin of its own that carries the unmodified SDK: the class is
 * `window.ConnectSDK`.
 */
export async function startHostPage(tls?: { cert: string; key: string }) {
  const sdk = await readFile(sdkFile);
  const files: Record<string, [type: string, content: string | Buffer]> = {
    "/": ["text/html", page],
    "/sdk.js": ["text/javascript", sdk],
    "/before.js": ["text/javascript", "var module = { exports: {} }, exports = module.exports;"],
    "/after.js": ["text/javascript", "window.ConnectSDK = module.exports.default;"],
  };
  const listener: Parameters<typeof createHttp>[1] = (request, response) => {
    const file = files[(request.url ?? "/").split("?", 1)[0] ?? "/"];
    response.writeHead(file ? 200 : 404, { "content-type": file?.[0] ?? "text/plain" });
    response.end(file?.[1]);
  };
  const server = tls ? createHttps(tls, listener) : createHttp(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>A customer's app</title><link rel="icon" href="data:,"></head>
  <body>
    <h1>A customer's app</h1>
    <button id="connect">Connect</button>
    <script src="/before.js"></script>
    <script src="/sdk.js"></script>
    <script src="/after.js"></script>
  </body>
</html>`;
