import { describe, expect, it } from "vitest";
import { childrenSchema } from "../blocks/block-schema.ts";
import { object, union } from "./composites.ts";
import { boolean, id, literal, nullable, number, oneOf, optional, string } from "./scalars.ts";
import { place, toMessage, type Problem, type Schema } from "./schema.ts";

function messageOf(schema: Schema<unknown>, value: unknown): string | undefined {
  const problems: Problem[] = [];
  schema.check(value, place("body"), problems);
  return problems.length === 0 ? undefined : toMessage("body", problems);
}

const text = (content: string) => ({ paragraph: { rich_text: [{ text: { content } }] } });

describe("messages", () => {
  it.each([
    [
      object({ a: string() }),
      {},
      "body failed validation: body.a should be defined, instead was `undefined`.",
    ],
    [
      object({ a: nullable(number()) }),
      { a: "1" },
      'body failed validation: body.a should be a number or `null`, instead was `"1"`.',
    ],
    [
      object({ a: optional(object({})) }),
      { a: "{}" },
      'body failed validation: body.a should be an object or `undefined`, instead was `"{}"`.',
    ],
    [
      object({ a: optional(boolean()) }),
      { b: 1 },
      "body failed validation: body.b should be not present, instead was `1`.",
    ],
    [
      object({ a: oneOf(["x", "y", "z"]) }),
      { a: "w" },
      'body failed validation: body.a should be `"x"`, `"y"`, or `"z"`, instead was `"w"`.',
    ],
    [
      object({ a: nullable(string({ min: 1 })) }),
      { a: "" },
      'body failed validation: body.a should be populated or `null`, instead was `""`.',
    ],
    [
      object({ a: id() }),
      { a: "12345678-1234-1234-1234-123456789abc" },
      'body failed validation: body.a should be a valid uuid, instead was `"12345678-1234-1234-1234-123456789abc"`.',
    ],
  ])("say what should have been (%#)", (schema, value, message) => {
    expect(messageOf(schema, value)).toBe(message);
  });

  it("list every problem under Fix one", () => {
    const schema = object({ a: string(), b: string() });
    expect(messageOf(schema, {})).toBe(
      "body failed validation. Fix one:\n" +
        "body.a should be defined, instead was `undefined`.\n" +
        "body.b should be defined, instead was `undefined`.",
    );
  });

  it("show at most 55 characters of what was found", () => {
    const message = messageOf(object({ a: number() }), { a: "x".repeat(100) });
    expect(message).toBe(
      `body failed validation: body.a should be a number, instead was \`"${"x".repeat(54)}...\`.`,
    );
  });
});

describe("unions", () => {
  const parent = union(
    object({ type: optional(literal("page_id")), page_id: id() }),
    object({ type: optional(literal("database_id")), database_id: id() }),
  );

  it("name every branch that came equally close", () => {
    expect(messageOf(object({ parent }), { parent: { database_id: "X" } })).toBe(
      "body failed validation. Fix one:\n" +
        "body.parent.page_id should be defined, instead was `undefined`.\n" +
        'body.parent.database_id should be a valid uuid, instead was `"X"`.',
    );
  });

  it("name only the branch whose type the value has", () => {
    expect(messageOf(object({ parent }), { parent: { type: "page_id" } })).toBe(
      "body failed validation: body.parent.page_id should be defined, instead was `undefined`.",
    );
  });
});

describe("blocks of a request", () => {
  const children = object({ children: childrenSchema });

  it("are at most a hundred in one list", () => {
    expect(messageOf(children, { children: Array.from({ length: 101 }, () => text("x")) })).toBe(
      "body failed validation: body.children.length should be ≤ `100`, instead was `101`.",
    );
  });

  it("hold at most 2000 characters in one text", () => {
    expect(messageOf(children, { children: [text("x".repeat(2_001))] })).toBe(
      "body failed validation: body.children[0].paragraph.rich_text[0].text.content.length should be ≤ `2000`, instead was `2001`.",
    );
  });

  it("nest two levels deep and no deeper", () => {
    const nest = (depth: number): object => ({
      bulleted_list_item: { rich_text: [], ...(depth > 0 ? { children: [nest(depth - 1)] } : {}) },
    });
    expect(messageOf(children, { children: [nest(2)] })).toBeUndefined();
    expect(messageOf(children, { children: [nest(3)] })).toContain(
      "body.children[0].bulleted_list_item.children[0].bulleted_list_item.children[0].bulleted_list_item.children should be not present, instead was `[{",
    );
  });

  it("name every type there is when theirs is none of them", () => {
    const message = messageOf(children, { children: [{ nothing: {} }] });
    expect(message).toContain("body.children[0].paragraph should be defined");
    expect(message).toContain("body.children[0].embed should be defined");
  });

  it("carry no keys of answers", () => {
    expect(messageOf(children, { children: [{ ...text("x"), archived: false }] })).toBe(
      "body failed validation: body.children[0].archived should be not present, instead was `false`.",
    );
  });
});
