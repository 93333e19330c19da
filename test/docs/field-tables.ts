import { code, follow, type JsonSchema, typeInWords, table } from "./json-schema-words.ts";
import { anchorOf } from "./markdown.ts";

/** Things of an answer that have a name of their own, by that name. */
export type Things = Map<string, { schema: JsonSchema; root: JsonSchema }>;

/** A row for each field, and for those of objects in lists. */
export function inputRows(schema: JsonSchema, root: JsonSchema, prefix = ""): string[][] {
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
export function outputRows(schema: JsonSchema, root: JsonSchema, prefix = ""): string[][] {
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
export function collectThings(given: JsonSchema, root: JsonSchema, things: Things): void {
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

export function renderThing(
  title: string,
  { schema, root }: { schema: JsonSchema; root: JsonSchema },
) {
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
