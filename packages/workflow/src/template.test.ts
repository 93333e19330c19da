import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseReference } from "./parse-reference.ts";
import { formatReference } from "./reference.ts";
import { TemplateError } from "./template-error.ts";
import { formatTemplate, parseTemplate, type Template } from "./template.ts";
import { reference, trickyText } from "./testing/arbitraries.ts";

describe("references", () => {
  test.each([
    ["trigger.body.name", { source: "step", stepId: "trigger", path: ["body", "name"] }],
    ["3.result.firstName", { source: "step", stepId: "3", path: ["result", "firstName"] }],
    ['a["last name"][0].b', { source: "step", stepId: "a", path: ["last name", 0, "b"] }],
    ["a['it\\'s']", { source: "step", stepId: "a", path: ["it's"] }],
    ["  a . b [ 0 ] ", { source: "step", stepId: "a", path: ["b", 0] }],
    ["settings.list.0", { source: "setting", level: "workflow", inputId: "list", path: ["0"] }],
    [
      "integrationSettings.db",
      { source: "setting", level: "integration", inputId: "db", path: [] },
    ],
    ["secrets.API_KEY", { source: "secret", name: "API_KEY" }],
    ['secrets["any name"]', { source: "secret", name: "any name" }],
    ["user.meta.team-id", { source: "user", path: ["meta", "team-id"] }],
    ["connection.providerData.größe", { source: "connection", path: ["providerData", "größe"] }],
    ["self.pageToken", { source: "self", path: ["pageToken"] }],
  ])("%s is read", (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  test.each([
    ["", 0],
    [".a", 0],
    ["a.", 2],
    ["a b", 2],
    ["a[", 2],
    ["a[x]", 2],
    ["a[-1]", 2],
    ["a[0", 3],
    ['a["x]', 2],
    ['a["\\q"]', 4],
    ["a[99999999999999999999]", 2],
    ["settings", 8],
    ["settings[0]", 11],
    ["secrets.a.b", 11],
    ["a+b", 1],
    ["a.b()", 3],
  ])("%s is refused at character %i", (text, offset) => {
    const error = catchError(() => parseReference(text));
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ offset, message: expect.stringContaining("Expected") });
  });

  test("what is printed is read back as the same", () => {
    fc.assert(
      fc.property(reference, (printed) => {
        expect(parseReference(formatReference(printed))).toEqual(printed);
      }),
    );
  });
});

describe("templates", () => {
  const a = { source: "step", stepId: "a", path: [] };

  test.each([
    ["", { kind: "literal", value: "" }],
    ["plain } text {", { kind: "literal", value: "plain } text {" }],
    ["{{a}}", { kind: "reference", reference: a }],
    ["{{ a }}", { kind: "reference", reference: a }],
    [" {{a}}", { kind: "text", parts: [" ", a] }],
    ["{{a}}{{a}}", { kind: "text", parts: [a, a] }],
    ['{"id":{{{a}}}', { kind: "text", parts: ['{"id":{', a, "}"] }],
    ["\\{{a}}", { kind: "literal", value: "{{a}}" }],
    ["\\\\{{a}}", { kind: "text", parts: ["\\", a] }],
    ["C:\\dir\\x", { kind: "literal", value: "C:\\dir\\x" }],
    ["\\{{{{a}}", { kind: "text", parts: ["{{", a] }],
    [
      '{{a["}}"]}}',
      { kind: "reference", reference: { source: "step", stepId: "a", path: ["}}"] } },
    ],
  ])("%s", (text, expected) => {
    expect(parseTemplate(text)).toEqual(expected);
  });

  test.each([
    ["Hello {{", 8],
    ["Hello {{}}", 8],
    ["Hello {{name", 12],
    ["Hello {{name}", 12],
    ["{{a | upper}}", 4],
    ["{{a}} {{b..c}}", 10],
  ])("%s is refused at character %i", (text, offset) => {
    const error = catchError(() => parseTemplate(text));
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ offset });
  });

  const template: fc.Arbitrary<Template> = fc
    .array(fc.oneof(trickyText, reference), { maxLength: 6 })
    .map((parts): Template => {
      const merged: (string | (typeof parts)[number])[] = [];
      for (const part of parts) {
        const last = merged.at(-1);
        if (typeof part === "string" && typeof last === "string") {
          merged[merged.length - 1] = last + part;
        } else if (part !== "") merged.push(part);
      }
      const [first = "", ...others] = merged;
      if (others.length > 0) return { kind: "text", parts: merged };
      return typeof first === "string"
        ? { kind: "literal", value: first }
        : { kind: "reference", reference: first };
    });

  test("what is printed is read back as the same", () => {
    fc.assert(
      fc.property(template, (printed) => {
        expect(parseTemplate(formatTemplate(printed))).toEqual(printed);
      }),
      { numRuns: 2000 },
    );
  });

  test("any text is either read, and then printed to the same meaning, or a TemplateError", () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const read = catchError(() => parseTemplate(text));
        if (read instanceof TemplateError) {
          expect(read.offset).toBeGreaterThanOrEqual(0);
          expect(read.offset).toBeLessThanOrEqual(text.length);
        } else {
          const parsed = parseTemplate(text);
          expect(parseTemplate(formatTemplate(parsed))).toEqual(parsed);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["braces", "{".repeat(1_000_000)],
    ["backslashes", "\\".repeat(1_000_000) + "{{a}}"],
    ["escapes", "\\{{".repeat(300_000)],
    ["references", "{{a.b}}".repeat(150_000)],
    ["a long path", `{{a${".b".repeat(500_000)}}}`],
    ["a long key", `{{a["${"\\n".repeat(500_000)}"]}}`],
    ["spaces", `{{${" ".repeat(1_000_000)}a}}`],
    ["an open end", `{{a${"[0]".repeat(300_000)}`],
  ])("a million characters of %s are read or refused", (_, text) => {
    const read = catchError(() => parseTemplate(text));
    if (read !== undefined) expect(read).toBeInstanceOf(TemplateError);
    else expect(formatTemplate(parseTemplate(text)).length).toBeGreaterThan(0);
  });
});

/** What a function throws, undefined if nothing. */
function catchError(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
