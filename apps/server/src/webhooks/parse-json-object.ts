import { isTooDeep } from "../http/json-depth.ts";

/** The object that a body is as JSON; undefined: it is none, or nests without end. */
export function parseJsonObject(body: Buffer): object | undefined {
  const text = body.toString("utf8");
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
