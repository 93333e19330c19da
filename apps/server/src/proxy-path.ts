import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConnectionResolver, Proxy, ResolvedConnection } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type { Logger } from "pino";
import { randomUUID } from "node:crypto";
import { readBearer } from "./http/bearer.ts";
import { answerPreflight, anyOriginHeaders } from "./http/cors.ts";
import type { HotPath } from "./http/create-app.ts";
import { httpError, sendError, toErrorAnswer } from "./http/errors.ts";
import type { Caller, Callers } from "./identity/callers.ts";
import { findIntegration, requireActive } from "./wire/find-integration.ts";

interface Services {
  connectors: ReadonlyMap<string, Connector>;
  callers: Callers;
  connections: ConnectionResolver;
  proxy: Proxy;
  log: Logger;
  /** Counts requests by connector. */
  count(connectorId: string): void;
}

/** One request on its way through the proxy's route. */
interface Passage {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  target: Target;
  fail(error: unknown): void;
}

interface Target {
  projectId: string;
  type: string;
  /** What follows the type: a path with its query, or an absolute URL. */
  path: string;
  /** Whether answers get the SDK's `{"output": …}` envelope. */
  wrap: boolean;
}

/**
 * The proxy's routes, ahead of the framework: `/projects/:id/sdk/proxy/:type/…` as the SDK calls
 * it, and `/projects/:id/raw/:type/…` for a provider's official client with the user token as its
 * key.
 *
 * All that a request needs is usually in memory; then nothing is awaited before the call goes out.
 */
export function createProxyPath(services: Services): HotPath {
  return (request, response) => {
    const target = matchTarget(request.url ?? "/");
    if (!target) return false;
    if (isPreflight(request)) {
      answerPreflight(request, response);
      return true;
    }
    const requestId = randomUUID();
    const fail = (error: unknown) => {
      const answer = toErrorAnswer(error, requestId, services.log);
      sendError(response, { ...answer, headers: { ...answer.headers, ...anyOriginHeaders } });
    };
    pass(services, { request, response, requestId, target, fail });
    return true;
  };
}

const route =
  /^\/projects\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(sdk\/proxy|raw)\/([a-z0-9.-]+)(?=[/?]|$)/i;

function matchTarget(url: string): Target | undefined {
  const match = route.exec(url);
  if (!match) return undefined;
  const [prefix, projectId = "", kind, type = ""] = match;
  const rest = url.slice(prefix.length);
  return { projectId: projectId.toLowerCase(), type, path: rest, wrap: kind !== "raw" };
}

const answerHeaders = Object.entries(anyOriginHeaders).flat();

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

function pass(services: Services, passage: Passage): void {
  const { request, target, fail } = passage;
  const userToken = readBearer(request.headers.authorization);
  const caller = userToken ? services.callers.peek(target.projectId, userToken) : undefined;
  const next = (proven: Caller) => choose(services, passage, proven);
  if (caller) attempt(fail, () => next(caller));
  else services.callers.get(target.projectId, userToken).then(next).catch(fail);
}

function choose(services: Services, passage: Passage, { view, user }: Caller): void {
  const { request, target, fail } = passage;
  const integration = findIntegration(view, target.type);
  requireActive(integration);
  const selector = headerOf(request, "x-paragon-credential");
  const scope = { projectId: target.projectId, userId: user.id };
  const found = services.connections.resolve(scope, integration.id, selector);
  const next = (connection: ResolvedConnection | undefined) =>
    forward(services, passage, requireConnection(connection, target.type, selector));
  if (found instanceof Promise) found.then(next).catch(fail);
  else next(found);
}

function forward(services: Services, passage: Passage, connection: ResolvedConnection): void {
  const { request, response, requestId, target, fail } = passage;
  const connector = services.connectors.get(target.type);
  if (!connector) {
    throw httpError("integration_not_found", `This Tenon has no connector "${target.type}".`);
  }
  services.count(connector.id);
  services.proxy.forward(request, response, {
    connector,
    connectionId: connection.id,
    path: target.path,
    wrap: target.wrap,
    requestId,
    priority: "interactive",
    answerHeaders,
    onError: fail,
  });
}

function requireConnection(
  connection: ResolvedConnection | undefined,
  type: string,
  selector: string | undefined,
): ResolvedConnection {
  if (connection) return connection;
  throw httpError(
    "connection_not_found",
    selector === undefined
      ? `This user has not connected "${type}" yet. Show the Connect Portal first.`
      : `This user has no "${type}" connection "${selector}".`,
  );
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function attempt(fail: (error: unknown) => void, run: () => void): void {
  try {
    run();
  } catch (error) {
    fail(error);
  }
}
