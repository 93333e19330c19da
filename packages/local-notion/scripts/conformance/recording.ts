import { readFileSync } from "node:fs";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One recorded exchange with Notion. */
export interface Exchange {
  source: string;
  version: string;
  method: string;
  path: string;
  query: string;
  req: Json;
  status: number;
  headers: Record<string, string>;
  res: Json;
}

/** The exchanges of a file, those of one cassette together and in their order. */
export function readCassettes(file: string): Map<string, Exchange[]> {
  const cassettes = new Map<string, Exchange[]>();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    // The border to the recordings, whose form their README gives.
    const exchange = JSON.parse(line) as Exchange;
    const key = `${exchange.source} ${exchange.version}`;
    cassettes.set(key, [...(cassettes.get(key) ?? []), exchange]);
  }
  return cassettes;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every object in a value, outer ones first. */
export function* objectsIn(value: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  if (!isObject(value)) return;
  yield value;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
