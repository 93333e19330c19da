import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net";
import { AppError, type Connector, defineConnector, oauth2 } from "@tenon/connector";
import type { ConnectionErrorCode, Credential, CredentialSource } from "../../credentials.ts";
import { createLimiter } from "../../limiter/create-limiter.ts";
import { createMemoryRateStore } from "../../limiter/testing/memory-rate-store.ts";
import { createProxy, type Proxy, type ProxyOptions } from "../create-proxy.ts";
import type { ProxyCall } from "../proxy-call.ts";

/** Where code that was written for the real provider would send its requests. */
export const realProvider = "https://api.provider.example";

export interface Running {
  port: number;
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How a provider answers; where that goes wrong, the connection breaks. */
export type Respond = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An HTTP provider. */
export function startProvider(respond: Respond): Promise<Running> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    await respond(request, response);
  };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return listen(server);
}

/** A provider that may say anything, byte for byte. */
export async function startRawProvider(onSocket: (socket: Socket) => void): Promise<Running> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface FrontOptions {
  /** The credential's base URL. */
  baseUrl: string;
  wrap?: boolean;
  connector?: Partial<Connector["api"]>;
  call?: Partial<ProxyCall>;
  proxy?: Partial<ProxyOptions>;
  credentials?: CredentialSource;
}

export interface Front extends Running {
  connector: Connector;
  proxy: Proxy;
  /** Errors that the proxy gave to the server. */
  errors: unknown[];
  renewals: number[];
}

/** A front server as the real one is: the path after `/p` goes to the provider. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const connector = defineTestConnector(options.connector);
  const errors: unknown[] = [];
  const renewals: number[] = [];
  const limiter = createLimiter({ store: createMemoryRateStore() });
  const credentials = options.credentials ?? createCredentials(options.baseUrl, renewals);
  const proxy = createProxy({ credentials, limiter, ...options.proxy });
  let count = 0;
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    proxy.forward(request, response, {
      connector,
      connectionId: "c1",
      path: (request.url ?? "").slice("/p".length),
      wrap: options.wrap ?? false,
      requestId: `request-${(count += 1)}`,
      priority: "interactive",
      onError(error) {
        errors.push(error);
        sendError(response, error);
      },
      ...options.call,
    });
  });
  const running = await listen(server);
  return {
    ...running,
    connector,
    proxy,
    errors,
    renewals,
    async [Symbol.asyncDispose]() {
      limiter.close();
      await running[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}

/** A provider that only tests know. */
export function defineTestConnector(api: Partial<Connector["api"]> = {}): Connector {
  return defineConnector({
    id: "provider",
    title: "Provider",
    brandColor: "#000",
    icon: "<svg/>",
    description: "A provider for tests.",
    auth: oauth2({
      authorizeUrl: "/authorize",
      tokenUrl: "/token",
      clientAuth: "basic",
      tokenBody: "json",
      accountId: ["id"],
      providerData: {},
    }),
    api: {
      baseUrl: realProvider,
      defaultHeaders: { "provider-version": "2" },
      rateLimit: { requests: 100_000, windowMs: 60_000 },
      error: { code: ["code"], message: ["message"], requestIdHeader: "x-provider-request-id" },
      ...api,
    },
  });
}

/** Tokens `token-1`, `token-2`, …: the next one with each renewal. */
function createCredentials(baseUrl: string, renewals: number[]): CredentialSource {
  let version = 1;
  const current = (): Credential => ({
    connectionId: "c1",
    accessToken: `token-${version}`,
    tokenVersion: version,
    baseUrl,
  });
  return {
    get: current,
    async renew(_connectionId, usedVersion) {
      renewals.push(usedVersion);
      if (usedVersion === version) version += 1;
      return current();
    },
  };
}

function sendError(response: ServerResponse, error: unknown): void {
  const { code, status, message, retryAfter, details } =
    error instanceof AppError
      ? (error as AppError<ConnectionErrorCode>)
      : new AppError("internal_error", 500, String(error));
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  });
  response.end(JSON.stringify({ code, status, message, details }));
}

async function listen(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
