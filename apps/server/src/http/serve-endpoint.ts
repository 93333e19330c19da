import type { Endpoint, EndpointInput, EndpointOutput } from "@tenon/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type * as z from "zod";
import { httpError } from "./errors.ts";

/** How an endpoint is served. `Proof` is what authenticating the caller brought. */
interface Serving<E extends Endpoint, Proof> {
  /** Runs before the body is read: who may not call does not make us hold what they send. */
  authenticate(params: EndpointInput<E>["params"], request: FastifyRequest): Promise<Proof>;
  handle(
    input: EndpointInput<E>,
    proof: Proof,
    exchange: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<EndpointOutput<E>>;
}

/** Serves an endpoint of the contract: its input is parsed before the handler sees it. */
export function serveEndpoint<E extends Endpoint, Proof>(
  app: FastifyInstance,
  endpoint: E,
  { authenticate, handle }: Serving<E, Proof>,
): void {
  const proofs = new WeakMap<FastifyRequest, { proof: Proof }>();
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    ...(endpoint.maxBodyBytes !== undefined && { bodyLimit: endpoint.maxBodyBytes }),
    async onRequest(request) {
      const params = parseParams(endpoint, request);
      proofs.set(request, { proof: await authenticate(params, request) });
    },
    async handler(request, reply) {
      const proven = proofs.get(request);
      if (!proven) throw new Error(`${endpoint.id} was called without authentication.`);
      const output = await handle(parseInput(endpoint, request), proven.proof, { request, reply });
      // The handler answered by itself: a stream, or what the contract cannot know.
      if (reply.sent) return reply;
      reply.code(endpoint.status ?? (endpoint.response ? 200 : 204));
      return endpoint.response ? output : reply.send();
    },
  });
}

function parseParams<E extends Endpoint>(
  endpoint: E,
  request: FastifyRequest,
): EndpointInput<E>["params"] {
  const params = endpoint.params && parse(endpoint.params, request.params, "path");
  return params as EndpointInput<E>["params"];
}

function parseInput<E extends Endpoint>(endpoint: E, request: FastifyRequest): EndpointInput<E> {
  const input = {
    params: parseParams(endpoint, request),
    query: endpoint.query && parse(endpoint.query, request.query, "query"),
    headers: endpoint.headers && parse(endpoint.headers, request.headers, "headers"),
    body: endpoint.body && parse(endpoint.body, request.body, "body"),
  };
  // The one place where parsed values get the type of the schemas that parsed them.
  return input as EndpointInput<E>;
}

/** Parses what came from outside; throws `invalid_request` that names each fault. */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: "path" | "query" | "headers" | "body",
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const all = parsed.error.issues.map(({ path, message }) => ({
    path: [where, ...path].join("."),
    message,
  }));
  const issues = all.slice(0, maxIssues);
  const rest = all.length > maxIssues ? `; and ${all.length - maxIssues} more` : "";
  const summary = issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ");
  throw httpError("invalid_request", `The request cannot be used: ${summary}${rest}.`, {
    details: { issues },
  });
}

/** How many faults of one request are named. */
const maxIssues = 20;
