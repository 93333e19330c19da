import * as z from "zod";
import { notionShape } from "../notion-action.ts";
import { readDataSource } from "./data-source.ts";
import { optionsOf, type PropertySchema } from "./property-schema.ts";
import { isWritable } from "./property-values.ts";

/** The writable properties of a data source as it is now, for the form of its items. */
export const dataSourceProperties = notionShape({
  id: "data-source-properties",
  needs: ["dataSource"],
  async read({ client, input }) {
    const { data: given } = z.string().min(1).safeParse(input["dataSource"]);
    if (given === undefined) return z.object({});
    const { properties } = await readDataSource(client, given);
    const fields = Object.values(properties)
      .filter(isWritable)
      .toSorted((a, b) => Number(b.type === "title") - Number(a.type === "title"));
    return z.object(Object.fromEntries(fields.map((schema) => [schema.name, toField(schema)])));
  },
});

/** How one property is asked for. Any field takes a plain value or Notion's own form. */
function toField(schema: PropertySchema): z.ZodType {
  const { field, ui, hint } = fieldOf(schema);
  const description = [schema.description, hint].filter(Boolean).join(" ");
  return field.optional().meta({
    title: schema.name,
    ...(description !== "" && { description }),
    ...(ui && { ui }),
  });
}

interface Field {
  field: z.ZodType;
  ui?: Record<string, unknown>;
  hint?: string;
}

const oneOrMore = z.union([z.string(), z.array(z.json())]);

function fieldOf(schema: PropertySchema): Field {
  const choices = optionsOf(schema).map(({ name }) => name);
  switch (schema.type) {
    case "number":
      return { field: z.union([z.number(), z.string()]), ui: { widget: "number" } };
    case "checkbox":
      return { field: z.union([z.boolean(), z.string()]), ui: { widget: "switch" } };
    case "status":
      return { field: z.json(), ui: { widget: "select", choices } };
    case "select":
      return {
        field: z.json(),
        ui: { widget: "select", choices },
        hint: "A name that is not there yet becomes a new option.",
      };
    case "multi_select":
      return {
        field: oneOrMore,
        ui: { widget: "multi-select", choices },
        hint: "A list, or names with commas between. New names become options.",
      };
    case "date":
      return {
        field: z.json(),
        ui: { widget: "date" },
        hint: "ISO 8601; a span as start/end.",
      };
    case "people":
      return {
        field: oneOrMore,
        ui: { picker: "users", widget: "multi-select" },
        hint: "Ids, e-mail addresses or names.",
      };
    case "relation":
      return {
        field: oneOrMore,
        ui: { picker: "pages", widget: "multi-select" },
        hint: "Ids or addresses of pages.",
      };
    case "files":
      return { field: oneOrMore, hint: "Addresses of files, or ids that Upload File gave." };
    case "place":
      return { field: z.json(), hint: 'Such as {"lat": 48.1, "lon": 11.6, "name": "Office"}.' };
    case "verification":
      return { field: z.json(), ui: { widget: "select", choices: ["verified", "unverified"] } };
    default:
      return { field: z.json(), ui: { widget: "text" } };
  }
}
