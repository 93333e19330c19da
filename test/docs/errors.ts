import { errorCodes } from "@tenon/contract";
import { stepFailureCodes } from "@tenon/runtime";
import { problemCodes } from "@tenon/workflow";
import { code, table } from "./json-schema-words.ts";

/** The page about errors, of the lists that answers and runs take their codes from. */
export function renderErrors(): string {
  return [
    "# Errors",
    "<!-- Written by test/docs/errors.test.ts from the code: `npx vitest run test/docs -u`. -->",
    "Codes are stable: match on them, not on messages.",
    "## Answers",
    answers,
    table(
      ["code", "status", "meaning"],
      Object.entries(errorCodes).map(([name, [status, meaning]]) => [
        code(name),
        String(status),
        meaning,
      ]),
    ),
    "## Steps",
    steps,
    table(
      ["code", "meaning"],
      Object.entries(stepFailureCodes).map(([name, meaning]) => [code(name), meaning]),
    ),
    "## Problems",
    problems,
    problemCodes.map((name) => `- ${code(name)}`).join("\n"),
    "",
  ].join("\n\n");
}

const answers = `Every error answer of Tenon's own has this body. \`message\` says what happened, to what, and what to do next; \`meta\` has facts
such as \`problems\` or \`issues\`, and the request's id, under which the log has the cause.

\`\`\`json
{ "message": "The project has no run \\"…\\".", "code": "run_not_found", "status": 404, "meta": { "requestId": "…" } }
\`\`\`

401 and 403 mean a bad user token or API key and nothing else. Errors that the proxy passes on from a provider keep the
provider's own body.`;

const steps = `What a step failed with is \`error\` of the step and of its run: \`{ code, message, stepId, instance, details }\`. \`details\` has
facts such as the receiver's status. A run that was cancelled has the code \`cancelled\`. What is tried again is told in
[workflows](workflows.md#failures).`;

const problems = `What keeps a draft from being deployed, in \`problems\` of the draft and \`meta.problems\` of \`workflow_invalid\`: each
\`{ code, stepId, field, message, severity }\`, \`field\` being a JSON pointer inside the step. Those of severity \`warning\` keep
nobody from deploying.`;
