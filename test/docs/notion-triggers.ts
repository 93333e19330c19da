import type { Connector, Trigger } from "@tenon/connector";
import { collectThings, inputRows, outputRows, renderThing, type Things } from "./field-tables.ts";
import { code, table, toJsonSchema } from "./json-schema-words.ts";
import { anchorOf } from "./markdown.ts";

/** The page about a connector's triggers, of their own schemas. */
export function renderTriggers(connector: Connector): string {
  const things: Things = new Map();
  const { title, triggers } = connector;
  const sections = triggers.map((trigger) => renderTrigger(trigger, things));
  return [
    `# Triggers of ${title}`,
    intro(connector),
    table(
      ["trigger", "id", "counts", "in Paragon's triggers API"],
      triggers.map((trigger) => [
        `[${trigger.title}](#${anchorOf(trigger.title)})`,
        code(trigger.id),
        `${trigger.object}: ${trigger.on.join(", ")}`,
        code(trigger.intent),
      ]),
    ),
    ...sections,
    "## What they start with",
    "Fields that Notion gives beside these pass through.",
    ...[...things].map(([name, thing]) => renderThing(name, thing)),
    "",
  ].join("\n\n");
}

function intro({ id, triggers }: Connector): string {
  return `<!-- Written by test/docs/notion-triggers.test.ts from connectors/${id}: \`npx vitest run test/docs -u\`. -->

A workflow's trigger names one of these ${triggers.length} by its id, and may narrow it with \`input\`:

\`\`\`json
{ "id": "start", "type": "integration", "trigger": "page-updated", "input": { "parent": "{{settings.page}}" } }
\`\`\`

The run finds the page or comment as \`{{start.result}}\`, as it was when the change was seen, and the change as
\`{{start.event}}\`. Where an id of a page or data source is asked for, the link that Notion copies will do. With several
inputs all have to hold.

A page's changes are \`created\`, \`properties\` (with its icon and cover), \`content\`, \`moved\`, \`locked\` (also for
unlocked), \`deleted\` (into the trash) and \`restored\`. Several that come close together may be told as one change.
Paragon's workflows write \`NOTION_TRIGGER_PAGE_CREATED\` where its triggers API has \`NOTION_PAGE_CREATED\`; both are
understood.

What is not seen: edits of what Notion computes (formulas, rollups, who edited last and when) and of properties beyond
their first 25 mentions, people or related pages. Where no event tells of it, also a change that only the looks of a nested
block show, such as its colour, within the minute of another edit of the page.`;
}

function renderTrigger(trigger: Trigger, things: Things): string {
  const input = toJsonSchema(trigger.input, "input");
  const output = toJsonSchema(trigger.output, "output");
  collectThings(output, output, things);
  return [
    `## ${trigger.title}`,
    `\`${trigger.id}\`. ${trigger.summary}`,
    table(["input", "type", "required", "description"], inputRows(input, input)),
    table(["output", "type", "description"], outputRows(output, output)),
  ].join("\n\n");
}
