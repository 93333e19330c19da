import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { createLookups } from "../data-sources/lookups.ts";
import { toPropertyValues } from "../data-sources/property-values.ts";
import { jsonField, readJsonField } from "../json-text.ts";
import { type Home, propertiesOf } from "./home.ts";

const Values = z.record(z.string(), z.json());

/** What a page says of itself, for actions that make or change one. */
export const valueFields = {
  title: z
    .string()
    .optional()
    .meta({ title: "Title", ui: { widget: "text" } }),
  properties: jsonField(Values)
    .optional()
    .meta({
      title: "Properties",
      description:
        'Values by the property\'s name, as {"Status": "Done", "Due": "2026-03-01", "Tags": "a, b"}, or in Notion\'s own form. Pages outside of data sources have only a title.',
      examples: [{ Status: "Done", Points: 3 }],
      ui: { widget: "json" },
    }),
};

interface ValuesInput {
  title?: string | undefined;
  properties?: string | z.output<typeof Values> | undefined;
}

/** The `properties` of a request for a page in a home. */
export async function toProperties(
  client: ActionClient,
  home: Home,
  { title, properties }: ValuesInput,
): Promise<Record<string, unknown>> {
  const values = readJsonField(properties, { title: "Properties", schema: Values }) ?? {};
  const schemas = propertiesOf(home);
  const name = Object.values(schemas).find(({ type }) => type === "title")?.name ?? "title";
  const all = title === undefined ? values : { ...values, [name]: title };
  return toPropertyValues(schemas, all, createLookups(client));
}
