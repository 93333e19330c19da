import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

test("a secret is replaced wherever it stands: in texts, keys, deep inside, next to another", () => {
  const { redact } = createRedactor({ KEY: "abcd1234", LONG: "abcd1234-and-more" });
  expect(
    redact({ a: "x abcd1234 y", list: [{ abcd1234: "abcd1234-and-more" }], n: 1, none: null }),
  ).toEqual({
    a: "x [secret KEY] y",
    list: [{ "[secret KEY]": "[secret LONG]" }],
    n: 1,
    none: null,
  });
});

test("a secret with quotes, backslashes, line ends and dollar signs is found as JSON writes it", () => {
  const secret = 'pa"ss\\wo\nrd$&';
  const { redact } = createRedactor({ KEY: secret });
  expect(redact([`<${secret}>`])).toEqual(["<[secret KEY]>"]);
});

test("a secret of digits is found in numbers, and one that is a word of JSON leaves JSON whole", () => {
  expect(createRedactor({ PIN: "12345678" }).redact({ pin: 12345678, other: 9 })).toEqual({
    pin: "[secret PIN]",
    other: 9,
  });
  expect(createRedactor({ WORD: "true", NOTHING: "null" }).redact([true, "true", null])).toEqual([
    true,
    "[secret WORD]",
    null,
  ]);
});

test("a secret is found as URLs and forms write it, and so is one that is told later", () => {
  const redactor = createRedactor({ KEY: "p@ss w&rd" });
  expect(redactor.redact("?key=p%40ss%20w%26rd&token=later-token")).toBe(
    "?key=[secret KEY]&token=later-token",
  );
  redactor.hide("authorization", "later-token");
  expect(redactor.redact({ echoed: "Bearer later-token" })).toEqual({
    echoed: "Bearer [secret authorization]",
  });
});

test("what is no secret stays as it is, the same object", () => {
  const value = { a: [1, "two"] };
  expect(createRedactor({ KEY: "nowhere-in-it" }).redact(value)).toBe(value);
  expect(createRedactor({}).redact(undefined)).toBe(undefined);
});

test("no secret survives in any JSON, whatever it is made of", () => {
  // None of these characters are in a mark or in what JSON writes by itself.
  const secret = fc.string({
    unit: fc.constantFrom("Q", "Z", "9", "é", "😀", '"', "\\", "\n"),
    minLength: 4,
  });
  fc.assert(
    fc.property(secret, fc.jsonValue(), fc.string(), (value, json, around) => {
      const { redact } = createRedactor({ KEY: value });
      const clean = redact({ json, text: around + value + around, list: [[value]] });
      JSON.stringify(clean, (key, one: unknown) => {
        expect(key).not.toContain(value);
        if (typeof one === "string") expect(one).not.toContain(value);
        return one;
      });
    }),
  );
});
