import * as fc from "fast-check";
import { operators } from "../condition.ts";
import type { Condition } from "../condition.ts";
import { referenceHeads } from "../definition.ts";
import type { Path, Reference } from "../reference.ts";

const heads = new Set<string>(referenceHeads);

/** Text in which braces, backslashes, quotes and templates are frequent. */
export const trickyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom("{", "{{", "}", "}}", "\\", '"', "'", "[", "]", ".", " ", "1", "a"),
      fc.constantFrom("{{1.a}}", "{{secrets.KEY}}", "\\{{", "{{ user.id }}", "__proto__"),
      fc.string({ maxLength: 5, unit: "binary" }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

export const stepId: fc.Arbitrary<string> = fc
  .stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
  .filter((id) => !/^\d+$/.test(id) && !heads.has(id));

export const path: fc.Arbitrary<Path> = fc.array(
  fc.oneof(fc.nat(), trickyText, fc.constantFrom("name", "last name", "constructor", "0")),
  { maxLength: 4 },
);

export const reference: fc.Arbitrary<Reference> = fc.oneof(
  fc.record({ source: fc.constant("step" as const), stepId, path }),
  fc.record({
    source: fc.constant("setting" as const),
    level: fc.constantFrom("workflow" as const, "integration" as const),
    inputId: trickyText,
    path,
  }),
  fc.record({ source: fc.constant("secret" as const), name: trickyText }),
  fc.record({
    source: fc.constantFrom("user" as const, "connection" as const, "self" as const),
    path,
  }),
);

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.record(
      {
        operator: fc.constantFrom(...operators),
        variable: fc.jsonValue() as fc.Arbitrary<never>,
        argument: fc.jsonValue() as fc.Arbitrary<never>,
      },
      { requiredKeys: ["operator", "variable"] },
    ),
    fc.record({
      join: fc.constantFrom("and" as const, "or" as const),
      conditions: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).condition;
