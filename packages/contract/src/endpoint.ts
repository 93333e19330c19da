import type * as z from "zod";
import type { ErrorCode } from "./error-codes.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who may call: an end user's token, an API key of the project (or the instance), or anyone. */
export type EndpointAuth = "userToken" | "apiKey" | "none";

/** One HTTP endpoint as data. The server serves it, OpenAPI and the docs describe it. */
export interface Endpoint {
  /** OpenAPI operation id, camelCase. */
  id: string;
  method: HttpMethod;
  /** With `{name}` for path parameters. */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  auth: EndpointAuth;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  /** Content type of the body where it is not JSON, `*\/*` for any: then it is served as bytes. */
  bodyType?: string;
  /** What the body may weigh; a mebibyte unless told. */
  maxBodyBytes?: number;
  /** Answer on success; without it the answer is 204 and empty. */
  response?: z.ZodType;
  /** Status on success; 200 unless told, 204 without a response. */
  status?: number;
  /** Data of the server-sent events that are the answer, by the event's name. */
  stream?: Readonly<Record<string, z.ZodType>>;
  /** Codes beside those every endpoint can answer. */
  errors?: readonly ErrorCode[];
}

/** Declares an endpoint, keeping its schemas' types. */
export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  return endpoint;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler of the endpoint gets, parsed. */
export interface EndpointInput<E extends Endpoint> {
  params: Parsed<E["params"]>;
  query: Parsed<E["query"]>;
  headers: Parsed<E["headers"]>;
  body: Parsed<E["body"]>;
}

/** What a handler of the endpoint returns. */
export type EndpointOutput<E extends Endpoint> = E["response"] extends z.ZodType
  ? z.input<E["response"]>
  : void;
