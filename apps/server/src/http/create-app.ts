import { readFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import fastifyCookie from "@fastify/cookie";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import { randomUUID } from "node:crypto";
import type { Config } from "../config.ts";
import { answerPreflight, anyOriginHeaders } from "./cors.ts";
import { httpError, sendError, toErrorAnswer } from "./errors.ts";
import { createParseJson } from "./parse-json.ts";

/** Takes a request off the framework's path; true where it did. */
export type HotPath = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Options {
  config: Pick<Config, "tls">;
  log: Logger;
  /** Asked first for every request: the proxy answers here, before any routing. */
  hotPath: HotPath;
}

/** The HTTP server with what every route shares: request ids, errors, CORS, bodies. */
export async function createApp({ config, log, hotPath }: Options): Promise<FastifyInstance> {
  // Requests are measured, not logged; faults are logged where they become answers.
  const loggerInstance: FastifyBaseLogger = log.child({}, { level: "warn" });
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1_048_576,
    genReqId: () => randomUUID(),
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 500 },
    // Refused before there is a route: an address that cannot be decoded.
    frameworkErrors(error, request, reply) {
      reply.hijack();
      sendError(reply.raw, toErrorAnswer(error, request.id, log));
    },
    serverFactory: (handle) => createNodeServer(config, hotPath, handle),
  });
  await app.register(fastifyCookie);
  acceptEmptyJsonBodies(app);

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-tenon-request-id", request.id);
    if (isSdkPath(request.url)) reply.headers(anyOriginHeaders);
  });
  app.options("/*", (request, reply) => {
    reply.hijack();
    answerPreflight(request.raw, reply.raw);
  });
  app.setErrorHandler((error, request, reply) => {
    const answer = toErrorAnswer(error, request.id, log);
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  app.setNotFoundHandler((request) => {
    throw httpError("not_found", `Nothing is served at ${request.method} ${pathOf(request.url)}.`);
  });
  return app;
}

function createNodeServer(
  { tls }: Options["config"],
  hotPath: HotPath,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    if (!hotPath(request, response)) handle(request, response);
  };
  const server = tls
    ? createTlsServer(
        { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
        listener,
      )
    : createServer(listener);
  // Uploads may take as long as bytes keep coming; what stands still for five minutes is cut off.
  server.requestTimeout = 0;
  server.timeout = 300_000;
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** The SDK names JSON as the content type of requests that have no body. */
function acceptEmptyJsonBodies(app: FastifyInstance): void {
  const parseJson = createParseJson(app);
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (request: FastifyRequest, body: string) =>
      body === "" ? undefined : parseJson(request, body),
  );
}

/** Paths that pages of any origin call with a user token. */
function isSdkPath(url: string): boolean {
  return /^\/(v2\/)?projects\//.test(url);
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}
