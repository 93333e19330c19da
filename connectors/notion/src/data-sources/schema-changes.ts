import { AppError } from "@tenon/connector";
import * as z from "zod";
import { jsonField, readJsonField } from "../json-text.ts";
import {
  type PropertyConfig,
  type ResolveDataSource,
  toPropertyConfigs,
} from "./property-config.ts";
import { OptionForms, PropertyForm } from "./property-form.ts";
import {
  findProperty,
  optionsOf,
  type PropertySchemas,
  requireProperty,
} from "./property-schema.ts";

const property = z
  .string()
  .trim()
  .min(1)
  .meta({
    title: "Property",
    description: "By name or id.",
    ui: { picker: "properties" },
  });

const Rename = z.object({ property, name: z.string().trim().min(1).meta({ title: "New name" }) });
const NewOptions = z.object({
  property,
  options: OptionForms.min(1).meta({ title: "Options", description: "Those there stay." }),
});

const ChangesJson = z.record(z.string(), z.record(z.string(), z.json()).nullable());
const moreTitle = "More changes as JSON";

/** The fields that ask for changes of a data source's properties. */
export const schemaChangeFields = {
  add: z.array(PropertyForm).max(500).default([]).meta({ title: "Add properties" }),
  rename: z.array(Rename).max(500).default([]).meta({ title: "Rename properties" }),
  remove: z
    .array(property)
    .max(500)
    .default([])
    .meta({ title: "Remove properties", description: "With all the values in them." }),
  addOptions: z.array(NewOptions).max(500).default([]).meta({
    title: "Add options",
    description: "To select and multi-select properties.",
  }),
  propertiesJson: jsonField(ChangesJson)
    .optional()
    .meta({
      title: moreTitle,
      description: 'In Notion\'s own form, such as {"Old": {"name": "New"}, "Gone": null}.',
      ui: { widget: "json" },
    }),
};

const Changes = z.object(schemaChangeFields);
type Changes = z.output<typeof Changes>;

/** Changes as Notion takes them, by the name of the property: null takes one away. */
export type PropertyChanges = Record<string, PropertyConfig | null>;

/**
 * The changes that the form asks for, checked against the properties that are there.
 *
 * @throws AppError `invalid_input` for a property that is not there, a name that is taken, or one
 * property changed in two ways.
 */
export async function toPropertyChanges(
  input: Changes,
  properties: PropertySchemas,
  resolve: ResolveDataSource,
): Promise<PropertyChanges> {
  const changes = new ChangeList();
  for (const nameOrId of input.remove) {
    const schema = requireProperty(properties, nameOrId);
    if (schema.type === "title") throw invalid(`"${schema.name}" is the title, which has to stay.`);
    changes.put(schema.name, null);
  }
  for (const { property: nameOrId, name } of input.rename) {
    changes.put(requireProperty(properties, nameOrId).name, { name });
  }
  for (const one of input.addOptions) {
    const [name, config] = withOptions(one, properties);
    changes.put(name, config);
  }
  for (const [name, config] of Object.entries(await toPropertyConfigs(input.add, resolve))) {
    changes.put(name, config);
  }
  const more = readJsonField(input.propertiesJson, { title: moreTitle, schema: ChangesJson });
  for (const [name, change] of Object.entries(more ?? {})) {
    changes.put(findProperty(properties, name)?.name ?? name, change);
  }
  assertNamesFree(input, properties);
  return changes.all;
}

class ChangeList {
  readonly all: PropertyChanges = {};

  put(name: string, change: PropertyConfig | null): void {
    if (Object.hasOwn(this.all, name)) {
      throw invalid(`"${name}" is changed in two ways. Use two steps, or the JSON form.`);
    }
    this.all[name] = change;
  }
}

/** Notion takes a new list of options for the whole, so that those there have to be in it. */
function withOptions(
  { property: nameOrId, options }: z.output<typeof NewOptions>,
  properties: PropertySchemas,
): [name: string, config: PropertyConfig] {
  const schema = requireProperty(properties, nameOrId);
  if (!["select", "multi_select", "status"].includes(schema.type)) {
    throw invalid(`"${schema.name}" is a ${schema.type} property, which has no options.`);
  }
  const before = optionsOf(schema);
  const taken = new Set(before.map(({ name }) => name));
  const added = options.filter(({ name }) => !taken.has(name));
  const kept = before.map(({ id, name }) => ({ id, name }));
  return [schema.name, { [schema.type]: { options: [...kept, ...added] } }];
}

/** A name is free if nothing has it, or what has it is renamed or removed. */
function assertNamesFree({ add, rename, remove }: Changes, properties: PropertySchemas): void {
  const left = [...rename.map((one) => one.property), ...remove].map(
    (nameOrId) => requireProperty(properties, nameOrId).name,
  );
  const taken = new Set(Object.values(properties).map(({ name }) => name));
  const given = new Set<string>();
  for (const { name } of [...add, ...rename]) {
    if ((taken.has(name) && !left.includes(name)) || given.has(name)) {
      throw invalid(`there is a property "${name}" already. Choose another name.`);
    }
    given.add(name);
  }
}

function invalid(why: string): AppError<"invalid_input"> {
  return new AppError("invalid_input", 400, `The properties cannot be changed: ${why}`);
}

/** Whether a data source shows changes already: how a repeat after a crash finds out. */
export function showsChanges(properties: PropertySchemas, changes: PropertyChanges): boolean {
  return Object.entries(changes).every(([name, change]) => {
    if (change === null) return !Object.hasOwn(properties, name);
    const newName = typeof change["name"] === "string" ? change["name"] : name;
    const now = properties[newName];
    if (!now || (newName !== name && Object.hasOwn(properties, name))) return false;
    // Options are compared too, since adding some changes neither name nor type.
    return Object.entries(change).every(([key, config]) => {
      if (key === "name" || key === "description" || key === "type") return true;
      return (
        key === now.type &&
        hasOptions(
          config,
          optionsOf(now).map((one) => one.name),
        )
      );
    });
  });
}

const WithOptions = z.looseObject({ options: z.array(z.looseObject({ name: z.string() })) });

function hasOptions(config: unknown, names: readonly string[]): boolean {
  const wanted = WithOptions.safeParse(config).data?.options ?? [];
  return wanted.every(({ name }) => names.includes(name));
}
