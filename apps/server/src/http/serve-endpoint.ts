import type { Endpoint, EndpointInput, EndpointOutput } from "@tenon/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type * as z from "zod";
import { httpError } from "./errors.ts";

export type Handler<E extends Endpoint> = (
  input: EndpointInput<E>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<EndpointOutput<E>>;

/** Serves an endpoint of the contract: its input is parsed before the handler sees it. */
export function serveEndpoint<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handle: Handler<E>,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: async (request, reply) => {
      const output = await handle(parseInput(endpoint, request), request, reply);
      reply.code(endpoint.status ?? (endpoint.response ? 200 : 204));
      return endpoint.response ? output : reply.send();
    },
  });
}

function parseInput<E extends Endpoint>(endpoint: E, request: FastifyRequest): EndpointInput<E> {
  const input = {
    params: endpoint.params && parse(endpoint.params, request.params, "path"),
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
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: [where, ...path].join("."),
    message,
  }));
  const summary = issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ");
  throw httpError("invalid_request", `The request cannot be used: ${summary}.`, {
    details: { issues },
  });
}
