import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { ErrorBody, errorCodes } from "./error-codes.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the endpoints. */
export function toOpenApi(
  endpoints: readonly Endpoint[],
  info: { version: string; url: string },
  /** Schemas with an id that endpoints only point to. */
  named: readonly z.ZodType[] = [],
): Json {
  const paths: Record<string, Json> = {};
  const schemas = new Schemas();
  schemas.add(ErrorBody.meta({ id: "Error" }), "output");
  for (const schema of named) schemas.add(schema, "input");
  for (const endpoint of endpoints) {
    const item = (paths[endpoint.path] ??= {});
    item[endpoint.method.toLowerCase()] = toOperation(endpoint, schemas);
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
      schemas: schemas.shared,
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

function toOperation(endpoint: Endpoint, schemas: Schemas): Json {
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    description: endpoint.description,
    tags: [endpoint.tag],
    security: endpoint.auth === "none" ? [] : [{ [endpoint.auth]: [] }],
    parameters: [
      ...toParameters(endpoint.params, "path", schemas),
      ...toParameters(endpoint.query, "query", schemas),
      ...toParameters(endpoint.headers, "header", schemas),
    ],
    requestBody: endpoint.body && {
      required: !endpoint.body.safeParse(undefined).success,
      content: {
        [endpoint.bodyType ?? "application/json"]: { schema: schemas.add(endpoint.body, "input") },
      },
    },
    responses: toResponses(endpoint, schemas),
  };
}

function toParameters(
  schema: z.ZodObject | undefined,
  where: "path" | "query" | "header",
  schemas: Schemas,
): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.add(schema, "input") as {
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

function toResponses(endpoint: Endpoint, schemas: Schemas): Json {
  const responses: Record<string, Json> = {};
  const status = endpoint.status ?? ((endpoint.response ?? endpoint.stream) ? 200 : 204);
  responses[status] = toSuccess(endpoint, schemas);
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

function toSuccess({ response, stream }: Endpoint, schemas: Schemas): Json {
  if (stream) {
    const events = Object.entries(stream).map(([name, schema]) => ({
      title: name,
      ...schemas.add(schema, "output"),
    }));
    return {
      description: `Server-sent events, each with JSON as its data: ${Object.keys(stream).join(", ")}`,
      content: { "text/event-stream": { schema: { anyOf: events } } },
    };
  }
  if (!response) return { description: "Success, no content" };
  return {
    description: "Success",
    content: { "application/json": { schema: schemas.add(response, "output") } },
  };
}

/** Turns schemas into JSON Schema; what is named or refers to itself goes to the components. */
class Schemas {
  readonly shared: Record<string, Json> = {};
  readonly #anonymous = new Map<string, string>();

  add(schema: z.ZodType, io: "input" | "output"): Json {
    const converted = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    const { $schema: _dialect, $defs = {}, id, ...own } = converted;
    const names = new Map(
      Object.entries($defs).map(([key, shape]) => [key, this.#nameOf(key, shape, io)]),
    );
    for (const [key, { id: _id, ...shape }] of Object.entries($defs)) {
      this.shared[names.get(key) ?? key] ??= pointed(shape, names);
    }
    if (typeof id !== "string") return pointed(own, names);
    const name = this.#nameOf(id, own, io);
    this.shared[name] ??= pointed(own, names);
    return { $ref: componentPath + name };
  }

  #nameOf(key: string, shape: object, io: "input" | "output"): string {
    if (!key.startsWith("__")) return io === "input" ? `${key}Input` : key;
    // zod numbers what has no id anew in each schema: known again by what it says.
    const text = JSON.stringify(shape).replaceAll(`"#/$defs/${key}"`, '"#"');
    const known = this.#anonymous.get(text) ?? `schema${this.#anonymous.size + 1}`;
    this.#anonymous.set(text, known);
    return known;
  }
}

const componentPath = "#/components/schemas/";

/** The schema with its references rewritten to where the components have their targets. */
function pointed(schema: object, names: ReadonlyMap<string, string>): Json {
  const rewritten: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== "$ref" || typeof value !== "string") return value;
    if (value.startsWith(componentPath)) return value;
    return componentPath + (names.get(value.replace("#/$defs/", "")) ?? value);
  });
  return rewritten as Json;
}
