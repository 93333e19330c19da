import * as z from "zod";

/** The part of JSON Schema that Zod writes and the docs show. */
export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  ui?: { picker?: string; shape?: string };
}

/** A schema as the docs read it; references inside of it lead into its own definitions. */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema;
}

/** What stands where a schema refers to one of its definitions. */
export function follow(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace(/^#\/\$defs\//, "");
  const found = schema.$ref === "#" ? root : root.$defs?.[name];
  if (found === undefined) throw new Error(`The schema has no definition ${schema.$ref}.`);
  const { $ref: _, ...own } = schema;
  return { ...found, ...own };
}

/** A type in words: `text`, `list of texts`, "`tree` or `flat`", `whole number from 1 to 100`. */
export function typeInWords(given: JsonSchema, root: JsonSchema): string {
  const schema = follow(given, root);
  if (schema.enum !== undefined) return listOf(schema.enum.map(code));
  if (schema.const !== undefined) return code(schema.const);
  if (isAnyJson(given, root)) return "any JSON";
  if (schema.anyOf !== undefined) {
    const words = new Set(schema.anyOf.map((one) => typeInWords(one, root)));
    return listOf(
      [...words],
      [...words].some((word) => word.startsWith("list of ")),
    );
  }
  if (Array.isArray(schema.type)) return listOf(schema.type.map((type) => wordOf(type, schema)));
  if (schema.type !== "array") return wordOf(schema.type ?? "", schema);
  const items = schema.items === undefined ? "any JSON" : typeInWords(schema.items, root);
  return `list of ${items.replaceAll(/\b(text|object)\b/g, "$1s")}`;
}

/** Zod writes any JSON as a definition that refers to itself. */
function isAnyJson(given: JsonSchema, root: JsonSchema): boolean {
  const { type, anyOf, properties } = follow(given, root);
  if (type === undefined && anyOf === undefined && properties === undefined) return true;
  return anyOf?.some((one) => one.type === "null") === true && anyOf.length >= 6;
}

function wordOf(type: string, { minimum, maximum }: JsonSchema): string {
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 1e9;
  const range = isBounded ? ` from ${minimum} to ${maximum}` : "";
  switch (type) {
    case "string":
      return "text";
    case "integer":
      return `whole number${range}`;
    case "number":
      return `number${range}`;
    case "boolean":
      return "true or false";
    default:
      return type;
  }
}

function listOf(words: readonly string[], isLong = false): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")}${isLong ? "," : ""} or ${words.at(-1) ?? ""}`;
}

/** A value as code. */
export function code(value: unknown): string {
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
  return `\`${text}\``;
}

/** Text that may stand in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A table of Markdown. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
