import { NotionError } from "../notion-error.ts";
import { place, toMessage, type Problem, type Schema } from "./schema.ts";

/** Checks a request's body and gives it its type, or refuses it in Notion's words. */
export function parseBody<T>(schema: Schema<T>, body: unknown): T {
  return parse(schema, body, "body");
}

/** Checks a request's query string the same way. */
export function parseQuery<T>(schema: Schema<T>, query: Record<string, unknown>): T {
  return parse(schema, query, "query");
}

export function parsePath<T>(schema: Schema<T>, params: Record<string, unknown>): T {
  return parse(schema, params, "path");
}

function parse<T>(schema: Schema<T>, value: unknown, where: string): T {
  const problems: Problem[] = [];
  schema.check(value, place(where), problems);
  if (problems.length > 0) throw NotionError.validation(toMessage(where, problems));
  // The border: every rule of the schema holds for the value, so it has the schema's type.
  return value as T;
}
