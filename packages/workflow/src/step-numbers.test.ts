import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Definition } from "./definition.ts";
import { isStepNumber } from "./reference.ts";
import { fromShown, normalizeDefinition, toShown } from "./step-numbers.ts";
import { trickyText } from "./testing/arbitraries.ts";
import { treeDefinition } from "./testing/definitions.ts";
import { referencesOf } from "./value.ts";

const definition = Definition.parse({
  trigger: { id: "trigger", type: "enabled", next: "get-page" },
  steps: [
    { id: "get-page", type: "function", code: "{{1}}", next: "each" },
    { id: "each", type: "fanOut", items: "{{2.result}}" },
  ],
});

describe("texts as people see them", () => {
  test("ids become numbers and numbers ids, and all else stays as it was written", () => {
    const stored = 'a {{ get-page.result["x y"] }} \\{{each}} {{trigger}}{{user.id}} {{gone.x}}';
    const shown = 'a {{ 2.result["x y"] }} \\{{each}} {{1}}{{user.id}} {{gone.x}}';
    expect(toShown(stored, definition)).toBe(shown);
    expect(fromShown(shown, definition)).toBe(stored);
  });

  test("numbers of no step, and what cannot be parsed, stay", () => {
    expect(fromShown("{{0.a}} {{4.a}} {{99999999999999999999}}", definition)).toBe(
      "{{0.a}} {{4.a}} {{99999999999999999999}}",
    );
    expect(toShown("{{trigger.a}} {{", definition)).toBe("{{trigger.a}} {{");
  });

  test("of ids given twice the first counts", () => {
    const twice = { trigger: { id: "a" }, steps: [{ id: "b" }, { id: "b" }] };
    expect(toShown("{{b}}", twice)).toBe("{{2}}");
  });

  test("any text without numbers comes back from being shown as it was", () => {
    const template = fc.constantFrom(
      "{{trigger}}",
      "{{get-page.a}}",
      "{{ each.x[0] }}",
      "{{gone}}",
    );
    const text = fc
      .array(fc.oneof(template, trickyText), { maxLength: 6 })
      .map((parts) => parts.join(""))
      .filter((written) => !/\{\{\s*\d/.test(written));
    fc.assert(
      fc.property(text, (written) => {
        expect(fromShown(toShown(written, definition), definition)).toBe(written);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("definitions", () => {
  test("numbers become ids in every templated field, and only there", () => {
    const all = Definition.parse({
      trigger: { id: "t", type: "schedule", cron: "0 9 * * *", timeZone: "{{1.x}}", next: "a" },
      steps: [
        {
          id: "a",
          title: "{{1}}",
          type: "request",
          method: "POST",
          url: "https://x/{{1.x}}",
          headers: [{ name: "{{1}}", value: "{{1}}" }],
          query: [{ name: "q", value: "{{1}}" }],
          bodyType: "json",
          body: { "{{1}}": ["{{1}}", { name: "{{1}}" }] },
          authorization: { type: "header", headers: [{ name: "{{1}}", value: "{{1}}" }] },
          pagination: {
            items: "{{1}}",
            pageToken: "{{1}}",
            stopWhen: { operator: "$exists", variable: "{{1}}" },
          },
          next: "b",
        },
        {
          id: "b",
          type: "conditional",
          branches: [
            {
              label: "{{1}}",
              condition: {
                join: "or",
                conditions: [{ operator: "$arrayIsIn", variable: "{{1}}", argument: ["{{2}}"] }],
              },
            },
          ],
          next: "c",
        },
        { id: "c", type: "function", code: "'{{1}}'", parameters: { p: "{{ 9 }}{{3}}" } },
      ],
    });
    expect(normalizeDefinition(all)).toEqual({
      trigger: { ...all.trigger, timeZone: "{{t.x}}" },
      steps: [
        {
          ...all.steps[0],
          url: "https://x/{{t.x}}",
          headers: [{ name: "{{1}}", value: "{{t}}" }],
          query: [{ name: "q", value: "{{t}}" }],
          body: { "{{1}}": ["{{t}}", { name: "{{t}}" }] },
          authorization: { type: "header", headers: [{ name: "{{1}}", value: "{{t}}" }] },
          pagination: {
            items: "{{t}}",
            pageToken: "{{t}}",
            stopWhen: { operator: "$exists", variable: "{{t}}" },
            maxPages: 1000,
          },
        },
        {
          ...all.steps[1],
          branches: [
            {
              label: "{{1}}",
              next: null,
              condition: {
                join: "or",
                conditions: [{ operator: "$arrayIsIn", variable: "{{t}}", argument: ["{{a}}"] }],
              },
            },
          ],
        },
        { ...all.steps[2], parameters: { p: "{{ 9 }}{{b}}" } },
      ],
    });
  });

  test("normalizing twice changes nothing more, and only numbers of no step are left", () => {
    fc.assert(
      fc.property(treeDefinition, (written) => {
        const normal = normalizeDefinition(written);
        expect(normalizeDefinition(normal)).toEqual(normal);
        for (const step of normal.steps) {
          if (step.type !== "function" || step.parameters["text"] === "{{") continue;
          for (const { reference } of referencesOf(step.parameters)) {
            if (reference.source !== "step" || !isStepNumber(reference.stepId)) continue;
            const number = Number(reference.stepId);
            expect(number === 0 || number > normal.steps.length + 1).toBe(true);
          }
        }
      }),
    );
  });
});
