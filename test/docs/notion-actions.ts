import type { Action, Connector } from "@tenon/connector";
import {
  code,
  follow,
  type JsonSchema,
  table,
  toJsonSchema,
  typeInWords,
} from "./json-schema-words.ts";
import { anchorOf } from "./markdown.ts";

/** The page about a connector's actions, of their own schemas. */
export function renderActions(connector: Connector): string {
  const things = new Map<string, { schema: JsonSchema; root: JsonSchema }>();
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

type Things = Map<string, { schema: JsonSchema; root: JsonSchema }>;

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

/** A row for each field, and for those of objects in lists. */
function inputRows(schema: JsonSchema, root: JsonSchema, prefix = ""): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const field = follow(given, root);
    const path = `${prefix}${name}`;
    const isRequired = schema.required?.includes(name) === true;
    const row = [
      code(path),
      typeInWords(given, root),
      requiredWord(isRequired, field),
      says(field),
    ];
    const items = field.items && follow(field.items, root);
    return [row, ...(items?.properties ? inputRows(items, root, `${path}[].`) : [])];
  });
}

/** A row for each field, and for those of objects that have no name of their own. */
function outputRows(schema: JsonSchema, root: JsonSchema, prefix = ""): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const field = follow(given, root);
    const path = `${prefix}${name}`;
    const row = [code(path), linked(given, root), says(field)];
    const items = field.items && follow(field.items, root);
    if (isThing(field) || (items && isThing(items))) return [[...row.slice(0, 2), ""]];
    const inner = items
      ? outputRows(items, root, `${path}[].`)
      : outputRows(field, root, `${path}.`);
    return [row, ...inner];
  });
}

function requiredWord(isRequired: boolean, { default: preset }: JsonSchema): string {
  if (isRequired) return "yes";
  return preset === undefined ? "" : `default ${code(preset)}`;
}

function says({ title, description, ui }: JsonSchema): string {
  const words = [title && `${title}.`, description];
  if (ui?.picker !== undefined) words.push(`Picker: ${code(ui.picker)}.`);
  if (ui?.shape !== undefined) words.push(`Shape: ${code(ui.shape)}.`);
  return words.filter(Boolean).join(" ");
}

/** Remembers the things of an answer that have a name: they are described once. */
function collectThings(given: JsonSchema, root: JsonSchema, things: Things): void {
  const schema = follow(given, root);
  if (isThing(schema)) {
    if (things.has(schema.title)) return;
    things.set(schema.title, { schema, root });
  }
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? [])];
  for (const one of schema.items ? [...inner, schema.items] : inner) {
    collectThings(one, root, things);
  }
}

function renderThing(title: string, { schema, root }: { schema: JsonSchema; root: JsonSchema }) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, given]) => {
    const { description = "" } = follow(given, root);
    const isSure = schema.required?.includes(name) === true;
    return [code(name), linked(given, root), isSure ? "" : "may be absent", description];
  });
  return `### ${title}\n\n${table(["field", "type", "", "description"], rows)}`;
}

/** A named thing leads to its description. */
function linked(given: JsonSchema, root: JsonSchema): string {
  const schema = follow(given, root);
  const target = schema.type === "array" && schema.items ? follow(schema.items, root) : schema;
  if (!isThing(target)) return typeInWords(given, root);
  const link = `[${target.title}](#${anchorOf(target.title)})`;
  return schema.type === "array" ? `list of ${link}` : link;
}

/** An object that has a name of its own and is described once. */
function isThing(schema: JsonSchema): schema is JsonSchema & { title: string } {
  return schema.type === "object" && schema.title !== undefined && schema.properties !== undefined;
}

function codes(names: readonly string[]): string {
  return names.map(code).join(", ");
}
