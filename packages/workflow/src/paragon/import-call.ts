import * as z from "zod";
import { httpMethods, type Templated } from "../definition.ts";
import { ParagonKeyed, ParagonSource } from "./compiled-form.ts";
import { fromKeyed, fromNamed, fromSource, type ImportScope } from "./from-source.ts";
import type { StepInput } from "./import-step.ts";

type RequestInput = Extract<StepInput, { type: "request" }>;

const Method = z.enum(httpMethods);
const bodyTypes = {
  json: "json",
  "form-data": "form-data",
  "x-www-form-urlencoded": "urlencoded",
  xml: "xml",
  raw: "raw",
} as const;
const BodyType = z.enum([
  "json",
  "form-data",
  "x-www-form-urlencoded",
  "xml",
  "raw",
] satisfies (keyof typeof bodyTypes)[]);

export function fromMethod(method: string): z.output<typeof Method> {
  return Method.parse(method.toUpperCase());
}

/** Fields are an object; a request without any has no body. */
export function fromBody(
  { body, bodyType }: { body: ParagonKeyed | ParagonSource; bodyType: string },
  scope: ImportScope,
): Pick<RequestInput, "bodyType" | "body"> {
  const value: Templated = Array.isArray(body) ? fromKeyed(body, scope) : fromSource(body, scope);
  const isEmpty = Array.isArray(body) ? Object.keys(value ?? {}).length === 0 : value === "";
  if (isEmpty) return { bodyType: "none" };
  return { bodyType: bodyTypes[BodyType.parse(bodyType)], body: value };
}

const text = z.union([z.string(), ParagonSource]);

/** The shapes of Paragon's code form; those of its compiled form are not published. */
const ParagonAuthorization = z.discriminatedUnion("type", [
  z.object({ type: z.literal("none") }),
  z.object({ type: z.literal("bearer"), token: text }),
  z.object({ type: z.literal("basic"), username: text, password: text }),
  z.object({ type: z.literal("query"), params: ParagonKeyed }),
  z.object({ type: z.literal("header"), headers: ParagonKeyed }),
]);

export function fromAuthorization(
  raw: unknown,
  scope: ImportScope,
): NonNullable<RequestInput["authorization"]> {
  if (raw === undefined || raw === null) return { type: "none" };
  const parsed = ParagonAuthorization.safeParse(raw);
  if (!parsed.success) {
    scope.note("has an authorization that is not understood. Set it again.");
    return { type: "none" };
  }
  const authorization = parsed.data;
  switch (authorization.type) {
    case "none":
      return { type: "none" };
    case "bearer":
      return { type: "bearer", token: fromText(authorization.token, scope) };
    case "basic": {
      const username = fromText(authorization.username, scope);
      return { type: "basic", username, password: fromText(authorization.password, scope) };
    }
    case "query":
      return { type: "query", params: fromNamed(authorization.params, scope) };
    case "header":
      return { type: "header", headers: fromNamed(authorization.headers, scope) };
    default:
      return authorization satisfies never;
  }
}

function fromText(value: z.output<typeof text>, scope: ImportScope): string {
  const source: ParagonSource = typeof value === "string" ? { type: "VALUE", value } : value;
  const read = fromSource(source, scope);
  return typeof read === "string" ? read : (JSON.stringify(read) ?? "");
}
