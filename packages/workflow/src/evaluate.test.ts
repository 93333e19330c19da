import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, operators } from "./condition.ts";
import { compileCondition, evaluate } from "./evaluate.ts";
import { holds } from "./holds.ts";
import { operatorTable, takesArgument } from "./operators.ts";
import { condition, trickyText } from "./testing/arbitraries.ts";
import { TemplateError } from "./template-error.ts";

type Case = [(typeof operators)[number], unknown, unknown, boolean];

test.each<Case>([
  ["$stringContains", "Hello", "ell", true],
  ["$stringContains", "Hello", "ELL", false],
  ["$stringContains", "Hello", "", true],
  ["$stringContains", 1234, 23, true],
  ["$stringContains", ["a"], "a", false],
  ["$stringContains", null, "a", false],
  ["$stringContains", "a", undefined, false],
  ["$stringDoesNotContain", null, "a", true],
  ["$stringExactlyMatches", "a", "a", true],
  ["$stringExactlyMatches", "a", "a ", false],
  ["$stringExactlyMatches", 5, "5", true],
  ["$stringExactlyMatches", true, "true", true],
  ["$stringDoesNotExactlyMatch", "a", "b", true],
  ["$stringIsIn", "b", ["a", "b"], true],
  ["$stringIsIn", "b", "a, b ,c", true],
  ["$stringIsIn", "a,b", "a,b", true],
  ["$stringIsIn", "5", [5], true],
  ["$stringIsIn", "", "a,b", false],
  ["$stringIsIn", "a", { a: 1 }, false],
  ["$stringIsNotIn", "d", "a,b", true],
  ["$stringStartsWith", "Hello", "He", true],
  ["$stringDoesNotStartWith", "Hello", "lo", true],
  ["$stringEndsWith", "Hello", "lo", true],
  ["$stringDoesNotEndWith", "Hello", "lo", false],
  ["$stringGreaterThan", "b", "a", true],
  ["$stringGreaterThan", "a", "B", true],
  ["$stringGreaterThan", "10", "9", false],
  ["$stringLessThan", "a", "b", true],
  ["$stringLessThan", "a", "a", false],
  ["$numberGreaterThan", 2, 1, true],
  ["$numberGreaterThan", "10", "9", true],
  ["$numberGreaterThan", " 1e3 ", 999, true],
  ["$numberGreaterThan", "", -1, false],
  ["$numberGreaterThan", "0x10", 1, false],
  ["$numberGreaterThan", true, 0, false],
  ["$numberGreaterThan", Number.POSITIVE_INFINITY, 1, false],
  ["$numberLessThan", -0.5, 0, true],
  ["$numberEquals", "1.0", 1, true],
  ["$numberEquals", "1,0", 1, false],
  ["$numberEquals", 0, -0, true],
  ["$numberDoesNotEqual", "x", 1, true],
  ["$numberLessThanOrEqualTo", 1, 1, true],
  ["$numberLessThanOrEqualTo", "x", 1, false],
  ["$numberGreaterThanOrEqualTo", 1, 1, true],
  ["$dateTimeAfter", "2026-03-02", "2026-03-01T23:59:59Z", true],
  ["$dateTimeAfter", "2026-03-01T12:00:00+02:00", "2026-03-01T11:00:00Z", false],
  ["$dateTimeBefore", "2026-03-01T12:00:00+02:00", "2026-03-01T11:00:00Z", true],
  ["$dateTimeBefore", 1_700_000_000, "2024-01-01", true],
  ["$dateTimeEquals", "2026-03-01", "2026-03-01T00:00:00.000Z", true],
  ["$dateTimeEquals", "2026-03-01T00:00", "2026-02-28T19:00:00-0500", true],
  ["$dateTimeEquals", 1_700_000_000, 1_700_000_000_000, true],
  ["$dateTimeEquals", "1700000000", "2023-11-14T22:13:20Z", true],
  ["$dateTimeEquals", "Tue, 14 Nov 2023 22:13:20 GMT", 1_700_000_000, true],
  ["$dateTimeEquals", "2026-02-30", "2026-03-02", false],
  ["$dateTimeEquals", "2026-03-01T25:00:00Z", "2026-03-02T01:00:00Z", false],
  ["$dateTimeEquals", "next week", "next week", false],
  ["$booleanTrue", true, undefined, true],
  ["$booleanTrue", "true", undefined, true],
  ["$booleanTrue", 1, undefined, false],
  ["$booleanFalse", false, undefined, true],
  ["$booleanFalse", null, undefined, false],
  ["$exists", "", undefined, true],
  ["$exists", null, undefined, false],
  ["$exists", undefined, undefined, true],
  ["$doesNotExist", null, undefined, true],
  ["$doesNotExist", undefined, undefined, false],
  ["$isNotUndefinedOrNull", 0, undefined, true],
  ["$isNotUndefinedOrNull", undefined, undefined, false],
  ["$isUndefinedOrNull", undefined, undefined, true],
  ["$isUndefinedOrNull", [], undefined, false],
  ["$arrayIsIn", { a: 1, b: [2] }, [{ b: [2], a: 1 }], true],
  ["$arrayIsIn", 1, ["1"], false],
  ["$arrayIsIn", "b", "a,b", true],
  ["$arrayIsIn", undefined, [null], false],
  ["$arrayIsNotIn", 3, [1, 2], true],
  ["$arrayIsEmpty", [], undefined, true],
  ["$arrayIsEmpty", null, undefined, true],
  ["$arrayIsEmpty", "", undefined, false],
  ["$arrayIsNotEmpty", [0], undefined, true],
  ["$arrayIsNotEmpty", undefined, undefined, false],
  ["$none", undefined, undefined, true],
])("%s of %j and %j is %j", (operator, variable, argument, expected) => {
  expect(holds(operator, variable, argument)).toBe(expected);
});

describe("the table of operators", () => {
  test("describes each operator once", () => {
    expect(operatorTable.map(({ id }) => id).toSorted()).toEqual([...operators].toSorted());
  });

  const anything = fc.oneof(fc.anything(), fc.jsonValue(), trickyText, fc.double(), fc.date());

  test("of an operator and its negation exactly one holds, whatever the values", () => {
    const pairs = operatorTable.filter(({ negation }) => negation !== undefined);
    expect(pairs).toHaveLength(20);
    fc.assert(
      fc.property(fc.constantFrom(...pairs), anything, anything, (pair, variable, argument) => {
        const negation = pair.negation ?? "$none";
        expect(holds(pair.id, variable, argument)).toBe(!holds(negation, variable, argument));
      }),
      { numRuns: 3000 },
    );
  });

  test("an operator without an argument does not look at one", () => {
    const single = operators.filter((operator) => !takesArgument(operator));
    fc.assert(
      fc.property(fc.constantFrom(...single), anything, anything, (operator, value, argument) => {
        expect(holds(operator, value, argument)).toBe(holds(operator, value, undefined));
      }),
    );
  });

  test("values of any type, also huge and deep ones, give an answer", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const values = [
      deep,
      "1".repeat(1_000_000) + "x",
      " ".repeat(1_000_000),
      ",".repeat(1_000_000),
    ];
    for (const operator of operators) {
      for (const value of values) {
        expect(typeof holds(operator, value, value)).toBe("boolean");
        expect(typeof holds(operator, value, [value])).toBe("boolean");
      }
    }
  });
});

describe("conditions", () => {
  const scope = { read: () => undefined };
  const yes: Condition = { operator: "$booleanTrue", variable: true };
  const no: Condition = { operator: "$booleanTrue", variable: false };

  test("and needs all, or needs one, to any depth", () => {
    const decide = (written: Condition): boolean => evaluate(compileCondition(written), scope);
    expect(decide({ join: "and", conditions: [yes, yes] })).toBe(true);
    expect(decide({ join: "and", conditions: [yes, no] })).toBe(false);
    expect(decide({ join: "or", conditions: [no, yes] })).toBe(true);
    expect(decide({ join: "or", conditions: [no, { join: "and", conditions: [yes, no] }] })).toBe(
      false,
    );
  });

  test("both sides are resolved, and user data is no template", () => {
    const compiled = compileCondition({
      operator: "$stringExactlyMatches",
      variable: "{{trigger.name}}",
      argument: "{{settings.name}}",
    });
    const read = (): string => "{{secrets.KEY}}";
    expect(evaluate(compiled, { read })).toBe(true);
  });

  test("a text that cannot be put together makes a comparison false", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const compiled = compileCondition({
      operator: "$stringContains",
      variable: "text {{trigger}}",
      argument: "text",
    });
    expect(evaluate(compiled, { read: () => deep })).toBe(false);
  });

  test("every condition is decided or is a TemplateError", () => {
    fc.assert(
      fc.property(condition, fc.jsonValue(), (written, value) => {
        try {
          expect(typeof evaluate(compileCondition(written), { read: () => value })).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
    );
  });

  test("joins nested without end are refused", () => {
    let nested: Condition = yes;
    for (let depth = 0; depth < 10_000; depth += 1) nested = { join: "or", conditions: [nested] };
    expect(() => compileCondition(nested)).toThrow(TemplateError);
  });
});
