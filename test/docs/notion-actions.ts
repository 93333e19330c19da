import type { Action, Connector } from "@tenon/connector";
import { collectThings, inputRows, outputRows, renderThing, type Things } from "./field-tables.ts";
import { code, table, toJsonSchema } from "./json-schema-words.ts";
import { anchorOf } from "./markdown.ts";

/** The page about a connector's actions, of their own schemas. */
export function renderActions(connector: Connector): string {
  const things: Things = new Map();
  const { actions } = connector;
  const sections = actions.map((action) => renderAction(action, things));
  return [
    `# Actions of ${connector.title}`,
    intro(connector),
    table(
      ["action", "id", "effect", "in Paragon"],
      actions.map((action) => [
        `[${action.title}](#${anchorOf(action.title)})`,
        code(action.id),
        effectInWords(action),
        code(action.intent),
      ]),
    ),
    ...sections,
    "## What they answer with",
    "Fields that Notion gives beside these pass through.",
    ...[...things].map(([title, thing]) => renderThing(title, thing)),
    "## Pickers",
    pickersIntro,
    table(
      ["picker", "choices", "needs"],
      connector.pickers.map(({ id, title, needs = [] }) => [code(id), title, codes(needs)]),
    ),
    "## Shapes",
    "A shape is an object whose fields only the connected account knows. `POST …/integrations/notion/shapes` reads it.",
    table(
      ["shape", "needs"],
      connector.shapes.map(({ id, needs }) => [code(id), codes(needs)]),
    ),
    "",
  ].join("\n\n");
}

function intro({ id, actions }: Connector): string {
  return `<!-- Written by test/docs/notion-actions.test.ts from connectors/${id}: \`npx vitest run test/docs -u\`. -->

An action step names one of these ${actions.length} by its id, and gives its inputs under \`input\`:

\`\`\`json
{ "id": "page", "type": "action", "integration": "${id}", "action": "get-page", "input": { "pageId": "{{start.pageId}}" } }
\`\`\`

The action's answer is the step's output: \`{{page.result.url}}\`. Where an id of a page, block, database or data source is
asked for, the link that Notion copies will do. A text that reads as a number, or as true or false, is taken as such where
a field wants one.

Effect says what is repeated after a failure or crash of which nobody knows whether it came too late: what only reads, and
writes of which twice is the same as once ("may be repeated"), are. A write that adds something is not: it looks at Notion
whether it happened, or the step ends with \`outcome_unknown\` ([failures](workflows.md#failures)).`;
}

const pickersIntro =
  "A picker lists choices from the connected account, for a form: `POST …/integrations/notion/choices` with `picker`, `search` " +
  "and the fields it needs as `input`. Any id may be written in the place of a choice.";

function renderAction(action: Action, things: Things): string {
  const input = toJsonSchema(action.input, "input");
  const output = toJsonSchema(action.output, "output");
  collectThings(output, output, things);
  const rows = inputRows(input, input);
  return [
    `## ${action.title}`,
    `\`${action.id}\`. ${action.summary}`,
    `Effect: ${effectInWords(action)}.`,
    rows.length === 0
      ? "It has no inputs."
      : table(["input", "type", "required", "description"], rows),
    table(["output", "type", "description"], outputRows(output, output)),
  ].join("\n\n");
}

function effectInWords({ effect, repeatable = false }: Action): string {
  if (effect === "write") return repeatable ? "write, may be repeated" : "write";
  return effect === "destroy" ? "destroy, may be repeated" : effect;
}

function codes(names: readonly string[]): string {
  return names.map(code).join(", ");
}
