import type { FastifyInstance, FastifyRequest } from "fastify";
import { httpError } from "./errors.ts";
import { isTooDeep, maxJsonDepth } from "./json-depth.ts";

/** Parses the JSON of a body; throws `invalid_request` or Fastify's own refusals. */
export type ParseJson = (request: FastifyRequest, text: string) => unknown;

/**
 * JSON as every endpoint reads it: no keys that tamper with prototypes, no depth without end, no
 * text that is not Unicode.
 */
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
    if (halfEscape.test(text) && hasHalfCharacter(result)) {
      throw httpError(
        "invalid_request",
        "The body has half of a character: an escape of a surrogate without the other one.",
      );
    }
    return result;
  };
}

const halfEscape = /\\u[dD][89a-fA-F]/;

function hasHalfCharacter(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => !key.isWellFormed() || hasHalfCharacter(part));
}
