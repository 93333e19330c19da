import type { Endpoint, EndpointInput, EndpointOutput } from "@tenon/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readBearer } from "../http/bearer.ts";
import { serveEndpoint } from "../http/serve-endpoint.ts";
import type { Caller, Callers } from "../identity/callers.ts";

/** What is known of the request beside its parsed input. */
export interface UserRequest {
  caller: Caller;
  requestId: string;
  request: FastifyRequest;
  reply: FastifyReply;
}

export type ServeUser = <E extends Endpoint & { params: { shape: { projectId: object } } }>(
  endpoint: E,
  handle: (input: EndpointInput<E>, request: UserRequest) => Promise<EndpointOutput<E>>,
) => void;

/** Serves endpoints to connected users, proven by their user token. */
export function withUser(app: FastifyInstance, callers: Callers): ServeUser {
  return (endpoint, handle) =>
    serveEndpoint(app, endpoint, {
      authenticate(params, request) {
        const { projectId } = params as { projectId: string };
        return callers.get(projectId, readBearer(request.headers.authorization));
      },
      handle: (input, caller, { request, reply }) =>
        handle(input, { caller, requestId: request.id, request, reply }),
    });
}
