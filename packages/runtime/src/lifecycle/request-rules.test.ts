import { RequestTrigger } from "@tenon/workflow";
import { expect, test } from "vitest";
import { checkRules } from "./request-rules.ts";

const call = {
  method: "POST",
  headers: { "x-kind": "order", "x-count": "7" },
  params: { page: "2", tags: ["a", "b"], flag: "true" },
  body: { id: 7, text: "7", deep: { list: [{ name: "a" }] }, none: null, no: false },
};

function failuresOf(validation: object) {
  const trigger = RequestTrigger.parse({ id: "start", type: "request", validation });
  return checkRules(trigger, call).map(({ message }) => message);
}

test("params and headers are texts that may read as numbers and booleans", () => {
  expect(
    failuresOf({
      params: [
        { key: "page", required: true, type: "number", equals: "2" },
        { key: "flag", type: "boolean" },
        { key: "tags", type: "array" },
        { key: "missing" },
      ],
      headers: [
        { key: "X-Kind", required: true, equals: "order" },
        { key: "x-count", type: "number" },
      ],
    }),
  ).toEqual([]);
});

test("the body's values have the types of JSON and are found by their paths", () => {
  expect(
    failuresOf({
      body: [
        { key: "id", required: true, type: "number", equals: "7" },
        { key: "deep.list.0.name", required: true, equals: "a" },
        { key: "no", required: true, type: "boolean", equals: "false" },
        { key: "deep", type: "object" },
      ],
    }),
  ).toEqual([]);
});

test("each rule that is not met is told, and rules of what is optional only where it is there", () => {
  expect(
    failuresOf({
      params: [
        { key: "missing", required: true },
        { key: "tags", type: "number" },
      ],
      headers: [
        { key: "x-kind", type: "number" },
        { key: "constructor", required: true },
      ],
      body: [
        { key: "text", type: "number" },
        { key: "none", required: true },
        { key: "gone", type: "number", equals: "1" },
        { key: "id", equals: "8" },
        { key: "deep.__proto__", required: true },
      ],
    }),
  ).toEqual([
    "params.missing is required",
    "params.tags must be of type number",
    "headers.x-kind must be of type number",
    "headers.constructor is required",
    "body.text must be of type number",
    "body.none is required",
    'body.id must be "8"',
    "body.deep.__proto__ is required",
  ]);
});
