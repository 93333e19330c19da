import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { jsonField, readJsonField } from "../json-text.ts";
import { resolveDataSource } from "./data-source.ts";
import { type PropertyConfig, toPropertyConfigs } from "./property-config.ts";
import { PropertyForm } from "./property-form.ts";

const PropertiesJson = z.record(z.string(), z.record(z.string(), z.json()));
const moreTitle = "More properties as JSON";

/** The fields that ask for the properties of something new. */
export const schemaFields = {
  properties: z.array(PropertyForm).max(500).default([]).meta({
    title: "Properties",
    description: 'Without a title property one called "Name" is made.',
  }),
  propertiesJson: jsonField(PropertiesJson)
    .optional()
    .meta({
      title: moreTitle,
      description:
        'In Notion\'s own form, by name, such as {"Cost": {"number": {"format": "euro"}}}.',
      ui: { widget: "json" },
    }),
};

interface SchemaInput {
  properties: readonly PropertyForm[];
  propertiesJson?: unknown;
}

/** The properties of something new as Notion takes them, with a title in any case. */
export async function toNewProperties(
  client: ActionClient,
  { properties, propertiesJson }: SchemaInput,
): Promise<Record<string, PropertyConfig>> {
  const configs: Record<string, PropertyConfig> = {
    ...(await toPropertyConfigs(properties, (given) => resolveDataSource(client, given))),
    ...readJsonField(propertiesJson, { title: moreTitle, schema: PropertiesJson }),
  };
  const hasTitle = Object.values(configs).some((config) => "title" in config);
  return hasTitle ? configs : { Name: { title: {} }, ...configs };
}
