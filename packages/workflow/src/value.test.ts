import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPath, readPathThrough } from "./read-path.ts";
import type { Reference } from "./reference.ts";
import { TemplateError } from "./template-error.ts";
import { formatTemplate } from "./template.ts";
import { reference, trickyText } from "./testing/arbitraries.ts";
import { compileValue, referencesOf, resolveValue, UnwritableValueError } from "./value.ts";

function resolve(json: unknown, outputs: Record<string, unknown>): unknown {
  const read = (reference: Reference): unknown =>
    reference.source === "step" ? readPath(outputs[reference.stepId], reference.path) : undefined;
  return resolveValue(compileValue(json), { read });
}

/** Lists in a list, `depth` levels of them. */
function nest(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}

describe("resolving", () => {
  const outputs = { a: { n: 7, yes: true, nil: null, list: [1, { b: "x" }], text: "{{a.n}}" } };

  test("a reference alone keeps its type", () => {
    const json = { n: "{{a.n}}", yes: "{{ a.yes }}", nil: "{{a.nil}}", list: "{{a.list}}" };
    expect(resolve(json, outputs)).toEqual({ n: 7, yes: true, nil: null, list: [1, { b: "x" }] });
  });

  test("what is absent is left out of objects and null in lists", () => {
    const json = { gone: "{{a.gone}}", kept: ["{{a.gone}}", "{{a.n}}"] };
    expect(resolve(json, outputs)).toStrictEqual({ kept: [null, 7] });
    expect(resolve("{{a.gone}}", outputs)).toBeUndefined();
  });

  test("mixed text is a text: objects as JSON, nothing for null and what is absent", () => {
    const json = "<{{a.n}}|{{a.yes}}|{{a.nil}}|{{a.gone}}|{{a.list}}>";
    expect(resolve(json, outputs)).toBe('<7|true|||[1,{"b":"x"}]>');
  });

  test("values that look like templates are not resolved again", () => {
    expect(resolve("{{a.text}}", outputs)).toBe("{{a.n}}");
    expect(resolve("see {{a.text}}", outputs)).toBe("see {{a.n}}");
    expect(resolve({ deep: ["{{a}}"] }, outputs)).toEqual({ deep: [outputs.a] });
  });

  test("no text of a user's is ever read as a template", () => {
    fc.assert(
      fc.property(trickyText, trickyText, (user, around) => {
        const literal = formatTemplate({ kind: "literal", value: around });
        expect(resolve([`{{a}}`, `${literal} {{a}}`], { a: user })).toEqual([
          user,
          `${around} ${user}`,
        ]);
      }),
    );
  });

  test("JSON without templates is what it was", () => {
    const withoutTemplates = fc.jsonValue().filter((json) => !JSON.stringify(json).includes("{{"));
    fc.assert(
      fc.property(withoutTemplates, (json) => {
        const plain: unknown = JSON.parse(JSON.stringify(json));
        expect(resolve(plain, {})).toEqual(plain);
      }),
    );
  });

  test("keys are no templates, and `__proto__` is a key like any other", () => {
    const json: unknown = JSON.parse('{"{{a.n}}": 1, "__proto__": {"polluted": "{{a.n}}"}}');
    const resolved = resolve(json, outputs);
    expect(JSON.stringify(resolved)).toBe('{"{{a.n}}":1,"__proto__":{"polluted":7}}');
    expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype);
  });

  test("a template that cannot be read is named by its JSON pointer", () => {
    expect(() => compileValue({ "a/b": ["ok", "{{"] })).toThrow(
      expect.objectContaining({ pointer: "/a~1b/1", offset: 2 }),
    );
  });

  test("JSON nested too deeply is refused, in definitions and in texts", () => {
    expect(() => compileValue(nest(101))).toThrow(TemplateError);
    expect(compileValue(nest(100))).toBeDefined();
    expect(() => resolve("text {{a}}", { a: nest(100_000) })).toThrow(UnwritableValueError);
    expect(resolve("{{a[0]}}", { a: nest(100_000) })).toBeDefined();
  });

  test("a text that would grow without bounds is refused", () => {
    const many = "{{a}}".repeat(1000);
    expect(() => resolve(many, { a: "x".repeat(1_000_000) })).toThrow(UnwritableValueError);
  });

  test("references are listed in order, with where they stand", () => {
    const json = { body: ["{{a.n}} and {{user.id}}", { "x y": "{{secrets.K}}" }], plain: 1 };
    expect(referencesOf(json)).toEqual([
      { pointer: "/body/0", reference: { source: "step", stepId: "a", path: ["n"] } },
      { pointer: "/body/0", reference: { source: "user", path: ["id"] } },
      { pointer: "/body/1/x y", reference: { source: "secret", name: "K" } },
    ]);
  });

  test("every reference of a value is asked for once, and no other", () => {
    fc.assert(
      fc.property(fc.array(reference, { maxLength: 5 }), (references) => {
        const json = references.map((part) =>
          formatTemplate({ kind: "reference", reference: part }),
        );
        const asked: Reference[] = [];
        resolveValue(compileValue(json), { read: (part) => void asked.push(part) });
        expect(asked).toEqual(references);
        expect(referencesOf(json).map((located) => located.reference)).toEqual(references);
      }),
    );
  });
});

describe("paths", () => {
  test.each([
    [["a", "b", 1], 2],
    [["a", "b", "1"], 2],
    [["a", "b", "length"], 3],
    [["a", "n", "0"], undefined],
    [["a", 0], "zero"],
    [["a", "b", 3], undefined],
    [["a", "b", -1], undefined],
    [["a", "b", "01x"], undefined],
    [["a", "s", "length"], undefined],
    [["a", "s", 0], undefined],
    [["a", "constructor"], undefined],
    [["a", "__proto__"], undefined],
    [["a", "b", "map"], undefined],
    [["a", "b", "constructor"], undefined],
    [["date", "getTime"], undefined],
    [["fn", "name"], undefined],
    [["inherited", "x"], undefined],
    [["nil", "x"], undefined],
  ])("%j is %j", (path, expected) => {
    const value = {
      a: { b: [1, 2, 3], s: "text", n: 5, 0: "zero" },
      date: new Date(),
      fn: () => undefined,
      inherited: Object.create({ x: 1 }) as unknown,
      nil: null,
    };
    expect(readPath(value, path)).toEqual(expected);
  });

  test("no path leads to what JSON does not hold", () => {
    const keys = fc.oneof(
      fc.constantFrom("constructor", "__proto__", "prototype", "toString", "length", "map", "0"),
      fc.nat(3),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(keys, { maxLength: 5 }), (json, path) => {
        const found = readPath(JSON.parse(JSON.stringify(json)), path);
        expect(typeof found).not.toBe("function");
        expect(found).not.toBe(Object.prototype);
      }),
    );
  });

  test("through lists, each item is read in order, and lists in lists", () => {
    const value = [{ x: 1 }, {}, { x: 3 }];
    expect(readPathThrough(value, ["x"], 1)).toEqual([1, null, 3]);
    expect(readPathThrough([value, []], ["x"], 2)).toEqual([[1, null, 3], []]);
    expect(readPathThrough({ x: 1 }, ["x"], 0)).toBe(1);
    expect(readPathThrough({ x: 1 }, ["x"], 1)).toBeUndefined();
  });
});
