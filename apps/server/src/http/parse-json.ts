import type { FastifyInstance, FastifyRequest } from "fastify";
import { httpError } from "./errors.ts";
import { isTooDeep, maxJsonDepth } from "./json-depth.ts";

/** Parses the JSON of a body; throws `invalid_request` or Fastify's own refusals. */
export type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** JSON as every endpoint reads it: no keys that tamper with prototypes, no depth without end. */
export function createParseJson(app: FastifyInstance): ParseJson {
  const parse = app.getDefaultJsonParser("error", "error");
  return (request, text) => {
    if (isTooDeep(text)) {
      throw httpError(
        "invalid_request",
        `The body nests deeper than ${maxJsonDepth} levels, which is more than can be worked with.`,
      );
    }
    let result: unknown;
    // It answers by calling back at once.
    void parse(request, text, (error, value) => {
      if (error) throw error;
      result = value;
    });
    return result;
  };
}
