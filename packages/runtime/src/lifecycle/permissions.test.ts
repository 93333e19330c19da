import { expect, test } from "vitest";
import { checkPermissions, isPermitted } from "./permissions.ts";

const user = { externalId: "ada", meta: { plan: "pro", seats: 5, "home town": "Paris" } };
const equals = (variable: string, argument: string) =>
  ({ operator: "$stringExactlyMatches", variable, argument }) as const;

test("permissions are about the user's id and metadata", () => {
  expect(isPermitted(null, user)).toBe(true);
  expect(isPermitted(equals("{{user.meta.plan}}", "pro"), user)).toBe(true);
  expect(isPermitted(equals("{{user.meta.plan}}", "free"), user)).toBe(false);
  expect(isPermitted(equals('{{user.meta["home town"]}}', "Paris"), user)).toBe(true);
  expect(isPermitted(equals("{{user.id}}", "ada"), user)).toBe(true);
  expect(isPermitted(equals("{{user.meta.missing}}", "x"), user)).toBe(false);
  const both = {
    join: "and" as const,
    conditions: [
      equals("{{user.meta.plan}}", "pro"),
      { operator: "$numberGreaterThan" as const, variable: "{{user.meta.seats}}", argument: 9 },
    ],
  };
  expect(isPermitted(both, user)).toBe(false);
  expect(isPermitted({ ...both, join: "or" }, user)).toBe(true);
});

test("what users write is never read as a template", () => {
  const sly = { externalId: "x", meta: { plan: "{{user.meta.other}}", other: "pro" } };
  expect(isPermitted(equals("{{user.meta.plan}}", "pro"), sly)).toBe(false);
});

test("permissions that read anything else, or cannot be read, are refused", () => {
  checkPermissions(equals("{{user.meta.plan}}", "{{user.meta.wanted}}"));
  for (const variable of [
    "{{secrets.x}}",
    "{{settings.x}}",
    "{{connection.id}}",
    "{{1.body}}",
    "{{user.meta",
  ]) {
    expect(() => checkPermissions(equals(variable, "x"))).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  }
});
