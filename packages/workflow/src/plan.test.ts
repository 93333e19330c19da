import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Definition, type DefinitionInput } from "./definition.ts";
import { InvalidDefinitionError, planWorkflow } from "./plan.ts";
import { findProblems } from "./problems.ts";
import { readPath } from "./read-path.ts";
import { context, treeDefinition } from "./testing/definitions.ts";
import { resolveValue } from "./value.ts";

function define(steps: DefinitionInput["steps"], next: string | null = "a"): Definition {
  return Definition.parse({ trigger: { id: "t", type: "event", event: "e", next }, steps });
}

const code = "() => 1";

/** t → a → b(fan out: c → d(conditional: e | f, else g) → h) → i. */
const nested = define([
  { id: "a", type: "function", code, next: "b" },
  { id: "b", type: "fanOut", items: "{{a.result}}", each: "c", next: "i" },
  { id: "c", type: "fanOut", items: "{{b.instance}}", each: "k", next: "d" },
  {
    id: "d",
    type: "conditional",
    branches: [
      { label: "1", condition: { operator: "$exists", variable: "{{b.instance}}" }, next: "e" },
      { label: "2", condition: { operator: "$none", variable: null }, next: "f" },
    ],
    otherwise: { label: "else", next: "g" },
    next: "h",
  },
  { id: "e", type: "function", code },
  { id: "f", type: "function", code },
  { id: "g", type: "function", code },
  { id: "h", type: "function", code },
  { id: "i", type: "function", code, parameters: { all: "{{k.result}}" } },
  { id: "k", type: "function", code, parameters: { one: "{{c.instance}}" } },
]);

describe("a plan", () => {
  const plan = planWorkflow(nested);

  test("numbers the trigger 1 and the steps in their order", () => {
    expect(plan.numberOf("t")).toBe(1);
    expect(plan.numberOf("a")).toBe(2);
    expect([...plan.steps.values()].map(({ number }) => number)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    expect(() => plan.numberOf("z")).toThrow(RangeError);
  });

  test("knows the fan outs around a step, outermost first", () => {
    expect(plan.fanOutsOf("k")).toEqual(["b", "c"]);
    expect(plan.fanOutsOf("e")).toEqual(["b"]);
    expect(plan.fanOutsOf("b")).toEqual([]);
    expect(plan.fanOutsOf("i")).toEqual([]);
    expect(plan.fanOutsOf("t")).toEqual([]);
  });

  test("offers what surely or possibly ran before, and no other branch", () => {
    expect(plan.upstreamOf("t")).toEqual([]);
    expect(plan.upstreamOf("a")).toEqual(["t"]);
    expect(plan.upstreamOf("k")).toEqual(["t", "a", "b", "c"]);
    expect(plan.upstreamOf("f")).toEqual(["t", "a", "b", "c", "k", "d"]);
    expect(plan.upstreamOf("h")).toEqual(["t", "a", "b", "c", "k", "d", "e", "f", "g"]);
    expect(plan.upstreamOf("i")).toEqual(["t", "a", "b", "c", "k", "d", "e", "f", "g", "h"]);
  });

  test("holds the templated fields of each step by name, and what they use", () => {
    const { steps, uses, triggerInput } = planWorkflow(
      Definition.parse({
        trigger: {
          id: "t",
          type: "schedule",
          cron: "0 9 * * *",
          timeZone: "{{user.meta.zone}}",
          next: "r",
        },
        steps: [
          {
            id: "r",
            type: "request",
            method: "POST",
            url: "https://example.com/{{settings.list}}",
            headers: [{ name: "{{x}}", value: "{{secrets.KEY}}" }],
            bodyType: "json",
            body: { token: "{{connection.accessToken}}" },
            authorization: { type: "bearer", token: "{{secrets.TOKEN}}" },
            pagination: {
              items: "{{self.response.body.items}}",
              pageToken: "{{self.response.body.next}}",
              stopWhen: { operator: "$numberEquals", variable: "{{self.page}}", argument: 3 },
            },
            next: "w",
          },
          { id: "w", type: "delay", value: "{{integrationSettings.wait}}" },
        ],
      }),
    );
    const scope = { read: (reference: { source: string }) => `<${reference.source}>` };
    expect(resolveValue(triggerInput, scope)).toEqual({ timeZone: "<user>" });
    const request = steps.get("r");
    expect(request && resolveValue(request.input, scope)).toEqual({
      url: "https://example.com/<setting>",
      query: [],
      headers: [{ name: "{{x}}", value: "<secret>" }],
      body: { token: "<connection>" },
      authorization: { type: "bearer", token: "<secret>" },
    });
    expect(request?.pagination?.stopWhen).toMatchObject({ operator: "$numberEquals" });
    expect(uses).toEqual({
      secrets: new Set(["KEY", "TOKEN"]),
      accessToken: true,
      workflowSettings: new Set(["list"]),
      integrationSettings: new Set(["wait"]),
    });
  });

  test("takes numbers for ids", () => {
    const numbered = define([{ id: "a", type: "function", code, parameters: { p: "{{1.x}}" } }]);
    expect(planWorkflow(numbered).definition.steps[0]).toMatchObject({
      parameters: { p: "{{t.x}}" },
    });
  });
});

describe("what cannot be planned", () => {
  const step = { type: "function", code } as const;

  test.each<[string, Definition]>([
    [
      "goes back to",
      define([
        { ...step, id: "a", next: "b" },
        { ...step, id: "b", next: "a" },
      ]),
    ],
    ["goes back to", define([{ ...step, id: "a", next: "t" }])],
    ["goes back to", define([{ ...step, id: "a", next: "a" }])],
    ["which is no step", define([{ ...step, id: "a", next: "z" }])],
    [
      "which another step has too",
      define([
        { ...step, id: "a" },
        { ...step, id: "a" },
      ]),
    ],
    ["which another step has too", define([{ ...step, id: "t" }], null)],
    [
      "is never reached",
      define([
        { ...step, id: "a" },
        { ...step, id: "b", next: "c" },
        { ...step, id: "c", next: "b" },
      ]),
    ],
    [
      "already follows another step",
      define([
        { id: "a", type: "fanOut", items: [], each: "b", next: "b" },
        { ...step, id: "b" },
      ]),
    ],
    ["cannot be read in /parameters/p", define([{ ...step, id: "a", parameters: { p: "{{" } }])],
    ["there is no step 7", define([{ ...step, id: "a", parameters: { p: "{{7}}" } }])],
  ])("%s", (reason, definition) => {
    expect(() => planWorkflow(definition)).toThrow(InvalidDefinitionError);
    expect(() => planWorkflow(definition)).toThrow(reason);
  });

  test("a chain of 500 steps and 500 branches in one another are planned", () => {
    const ids = Array.from({ length: 500 }, (_, index) => `s${index}`);
    const chain = ids.map((id, index) => ({ ...step, id, next: ids[index + 1] ?? null }));
    expect(planWorkflow(define(chain, "s0")).upstreamOf("s499")).toHaveLength(500);
    const inner = ids.map((id, index) => ({
      id,
      type: "fanOut" as const,
      items: [],
      each: ids[index + 1] ?? null,
    }));
    expect(planWorkflow(define(inner, "s0")).fanOutsOf("s499")).toHaveLength(499);
  });
});

describe("plans and problems agree", () => {
  test("a workflow without errors can be planned, one with errors of its own cannot", () => {
    let planned = 0;
    let refused = 0;
    fc.assert(
      fc.property(treeDefinition, (definition) => {
        const errors = findProblems(definition, context).filter(
          ({ severity }) => severity === "error",
        );
        if (errors.length === 0) {
          planned += 1;
          expect(() => planWorkflow(definition)).not.toThrow();
        } else {
          refused += 1;
          expect(() => planWorkflow(definition)).toThrow(InvalidDefinitionError);
        }
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(planned, refused)).toBeGreaterThan(20);
  });

  test("every reference to a step that is planned is to one offered upstream, or to itself never", () => {
    fc.assert(
      fc.property(treeDefinition, (definition) => {
        if (findProblems(definition, context).length > 0) return;
        const plan = planWorkflow(definition);
        for (const { step, input } of plan.steps.values()) {
          const offered = plan.upstreamOf(step.id);
          resolveValue(input, {
            read(reference) {
              if (reference.source === "step") expect(offered).toContain(reference.stepId);
              return undefined;
            },
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("rewired at random, a workflow is either planned or has a problem", () => {
    const wire = fc.tuple(
      fc.nat(11),
      fc.oneof(
        fc.constant(null),
        fc.nat(12).map((id) => `s${id}`),
      ),
    );
    fc.assert(
      fc.property(treeDefinition, fc.array(wire, { maxLength: 5 }), (definition, wires) => {
        const steps = definition.steps.map((step) => ({ ...step }));
        for (const [index, next] of wires) {
          const step = steps[index];
          if (step !== undefined) step.next = next;
        }
        const rewired = { ...definition, steps };
        const errors = findProblems(rewired, context).filter(
          ({ severity }) => severity === "error",
        );
        if (errors.length === 0) expect(planWorkflow(rewired).steps.size).toBe(steps.length);
        else expect(() => planWorkflow(rewired)).toThrow(InvalidDefinitionError);
      }),
      { numRuns: 500 },
    );
  });

  test("every step that is planned is reached by a walk, once", () => {
    fc.assert(
      fc.property(treeDefinition, (definition) => {
        const walked: string[] = [];
        const walk = (id: string | null): void => {
          const step = definition.steps.find((candidate) => candidate.id === id);
          if (step === undefined) return;
          walked.push(step.id);
          if (step.type === "conditional") {
            for (const { next } of [...step.branches, step.otherwise]) walk(next);
          }
          if (step.type === "fanOut") walk(step.each);
          walk(step.next);
        };
        walk(definition.trigger.next);
        expect(walked.toSorted()).toEqual(definition.steps.map(({ id }) => id).toSorted());
        if (findProblems(definition, context).length > 0) return;
        const plan = planWorkflow(definition);
        for (const [index, id] of walked.entries()) {
          for (const before of plan.upstreamOf(id).slice(1)) {
            expect(walked.indexOf(before)).toBeLessThan(index);
          }
        }
        expect(readPath(plan.definition, ["trigger", "id"])).toBe("trigger");
      }),
    );
  });
});
