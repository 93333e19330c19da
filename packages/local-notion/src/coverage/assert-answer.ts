import { expect } from "vitest";
import type { ApiVersion } from "../api/version.ts";
import type { NotionErrorCode } from "../notion-error.ts";
import { goneKeys, objectShapes, shapeAt, type ObjectKind } from "./object-shapes.ts";

/** What an endpoint answers: one object, a list of some kinds, templates, or Notion's error. */
export type Expectation =
  | { is: "object"; kind: ObjectKind }
  | { is: "list"; type: string; kinds: readonly ObjectKind[] }
  | { is: "templates" }
  | { is: "error"; code: NotionErrorCode };

type Json = Record<string, unknown>;

/** Fails unless an answer's body is what is expected of it at a version. */
export function assertAnswer(body: unknown, expected: Expectation, version: ApiVersion): void {
  const answer = asObject(body);
  // Notion names the request in every body but that of the templates.
  if (expected.is !== "templates") expect(answer["request_id"]).toMatch(/^[0-9a-f-]{36}$/);
  switch (expected.is) {
    case "object":
      return assertObject(answer, expected.kind, version);
    case "list":
      return assertList(answer, expected, version);
    case "templates":
      expect(answer).toEqual({ templates: [], has_more: false, next_cursor: null });
      return;
    case "error":
      expect(answer).toMatchObject({ object: "error", code: expected.code });
      expect([answer["status"], answer["message"]]).toEqual([
        expect.any(Number),
        expect.any(String),
      ]);
  }
}

function assertObject(answer: Json, kind: ObjectKind, version: ApiVersion): void {
  if ("object" in objectShapes[kind]) expect(answer["object"]).toBe(objectOf(kind));
  const wrong = Object.entries(shapeAt(kind, version)).flatMap(([key, shape]) =>
    isShaped(answer[key], shape) ? [] : [`${key} is not ${shape}: ${JSON.stringify(answer[key])}`],
  );
  expect(wrong).toEqual([]);
  expect([...goneKeys(kind, version)].filter((key) => key in answer)).toEqual([]);
  if (holdsItsType(kind)) assertTyped(answer);
  for (const property of Object.values(asObject(answer["properties"] ?? {}))) {
    const typed = asObject(property);
    assertTyped(typed);
    expect(typed["id"]).toEqual(expect.any(String));
  }
}

function assertTyped(value: Json): void {
  expect(value).toHaveProperty([String(value["type"])]);
}

function objectOf(kind: ObjectKind): string | undefined {
  return kind.split(" ")[0];
}

/** Objects whose content is under the name of their type: a paragraph's under `paragraph`. */
function holdsItsType(kind: ObjectKind): boolean {
  return kind === "block" || kind === "property_item" || kind === "user";
}

function assertList(
  answer: Json,
  expected: Extract<Expectation, { is: "list" }>,
  version: ApiVersion,
): void {
  expect(answer).toMatchObject({ object: "list", type: expected.type });
  expect([answer["has_more"], answer["next_cursor"]]).toEqual([expect.any(Boolean), cursor]);
  const results = answer["results"];
  if (!Array.isArray(results)) throw new Error("A list without results.");
  // An empty list would prove nothing, unless emptiness is all that is promised.
  expect(results.length > 0).toBe(expected.kinds.length > 0);
  for (const result of results.map(asObject)) {
    const kind = expected.kinds.find((kind) => objectOf(kind) === result["object"]);
    if (kind === undefined) throw new Error(`A list with ${JSON.stringify(result["object"])}.`);
    assertObject(result, kind, version);
  }
}

const cursor: unknown = expect.toBeOneOf([null, expect.any(String)]);

function isShaped(value: unknown, shape: string): boolean {
  if (shape.endsWith("?")) return value === null || isShaped(value, shape.slice(0, -1));
  if (shape === "text") return typeof value === "string";
  if (shape === "list") return Array.isArray(value);
  if (shape !== "object") return typeof value === shape;
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
  if (typeof value !== "object" || value === null) throw new Error("The answer is no object.");
  return { ...value };
}
