import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { ErrorBody, errorCodes } from "./error-codes.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the endpoints. */
export function toOpenApi(
  endpoints: readonly Endpoint[],
  info: { version: string; url: string },
): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const item = (paths[endpoint.path] ??= {});
    item[endpoint.method.toLowerCase()] = toOperation(endpoint);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tenon",
      version: info.version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: info.url }],
    paths,
    components: {
      schemas: { Error: toSchema(ErrorBody, "output") },
      securitySchemes: {
        userToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "RS256 JWT signed by the customer's backend: `sub`, `iat`, `exp`.",
        },
        apiKey: { type: "http", scheme: "bearer", description: "An API key, `tenon_…`." },
      },
    },
  };
}

function toOperation(endpoint: Endpoint): Json {
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    description: endpoint.description,
    tags: [endpoint.tag],
    security: endpoint.auth === "none" ? [] : [{ [endpoint.auth]: [] }],
    parameters: [
      ...toParameters(endpoint.params, "path"),
      ...toParameters(endpoint.query, "query"),
      ...toParameters(endpoint.headers, "header"),
    ],
    requestBody: endpoint.body && {
      required: true,
      content: { "application/json": { schema: toSchema(endpoint.body, "input") } },
    },
    responses: toResponses(endpoint),
  };
}

function toParameters(schema: z.ZodObject | undefined, where: "path" | "query" | "header"): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toSchema(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: required.includes(name),
    description: property["description"],
    schema: property,
  }));
}

function toResponses(endpoint: Endpoint): Json {
  const responses: Record<string, Json> = {};
  const status = endpoint.status ?? (endpoint.response ? 200 : 204);
  responses[status] = endpoint.response
    ? {
        description: "Success",
        content: { "application/json": { schema: toSchema(endpoint.response, "output") } },
      }
    : { description: "Success, no content" };
  for (const code of endpoint.errors ?? []) {
    const [errorStatus, meaning] = errorCodes[code];
    const known = responses[errorStatus]?.["description"];
    responses[errorStatus] = {
      description: [known, `\`${code}\`: ${meaning}`].filter(Boolean).join("\n\n"),
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    };
  }
  responses["default"] = {
    description: "Any other error",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
  return responses;
}

function toSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
