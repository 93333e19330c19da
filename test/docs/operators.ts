import { operatorTable } from "@tenon/workflow";
import { code, table } from "./json-schema-words.ts";

/** The page about operators, of the table that runs go by. */
export function renderOperators(): string {
  return [
    "# Operators",
    intro,
    table(
      ["operator", "label", "compares", "argument", "holds where"],
      operatorTable.map((one) => [
        code(one.id),
        one.label,
        one.type,
        one.takesArgument ? "yes" : "",
        one.meaning,
      ]),
    ),
    "Of an operator and its opposite, exactly one holds on every input.",
    "",
  ].join("\n\n");
}

const intro = `<!-- Written by test/docs/operators.test.ts from packages/workflow: \`npx vitest run test/docs -u\`. -->

A [condition](workflows.md#conditions) is one comparison, or several joined by \`and\` or \`or\` to any depth up to 100:

\`\`\`json
{ "join": "and", "conditions": [
  { "operator": "$stringContains", "variable": "{{page.result.url}}", "argument": "notion" },
  { "operator": "$isNotUndefinedOrNull", "variable": "{{user.meta.plan}}" }
] }
\`\`\`

- Text is a text, number or boolean (as its text). Case counts; nothing is trimmed.
- A number is a finite number, or a text that is one in decimal: \`12\`, \`-0.5\`, \`1e3\`.
- A date is a text as in ISO 8601 (without a zone it is UTC, without a time midnight), a text as in the Date header of
  HTTP, or a number since 1970: seconds below 100,000,000,000, else milliseconds.
- Where a value is not of the operator's type the comparison is false, and its opposite true. No comparison fails a step.`;
