import { AppError } from "@tenon/connector";
import type { PropertyForm } from "./property-form.ts";

/** A property's configuration as Notion takes it, such as `{"number": {"format": "euro"}}`. */
export type PropertyConfig = Record<string, unknown>;

/** Answers the id of the data source that a relation names. */
export type ResolveDataSource = (given: string) => Promise<string>;

/**
 * The configuration of each property that the form asks for, by name.
 *
 * @throws AppError `invalid_input` for a name given twice and for what a type needs or cannot use.
 */
export async function toPropertyConfigs(
  forms: readonly PropertyForm[],
  resolve: ResolveDataSource,
): Promise<Record<string, PropertyConfig>> {
  const configs: Record<string, PropertyConfig> = {};
  for (const form of forms) {
    if (Object.hasOwn(configs, form.name)) {
      throw invalid(form, "its name is given twice.");
    }
    configs[form.name] = await toPropertyConfig(form, resolve);
  }
  return configs;
}

/** Which fields of the form each type takes; those of all types are not listed. */
const fieldsOf: Readonly<Partial<Record<PropertyForm["type"], readonly (keyof PropertyForm)[]>>> = {
  select: ["options"],
  multi_select: ["options"],
  status: ["options"],
  number: ["format"],
  formula: ["expression"],
  relation: ["relatedTo", "twoWay"],
  rollup: ["relation", "property", "function"],
  unique_id: ["prefix"],
};
const fieldsOfAll: readonly string[] = ["name", "type", "description"];

async function toPropertyConfig(
  form: PropertyForm,
  resolve: ResolveDataSource,
): Promise<PropertyConfig> {
  const taken: readonly string[] = [...fieldsOfAll, ...(fieldsOf[form.type] ?? [])];
  const foreign = Object.entries(form).find(
    ([field, value]) => value !== undefined && !taken.includes(field),
  );
  if (foreign) throw invalid(form, `this type takes no "${foreign[0]}".`);
  const { description } = form;
  return {
    [form.type]: await toTypeConfig(form, resolve),
    ...(description !== undefined && { description }),
  };
}

async function toTypeConfig(
  form: PropertyForm,
  resolve: ResolveDataSource,
): Promise<Record<string, unknown>> {
  switch (form.type) {
    case "select":
    case "multi_select":
    case "status":
      assertOptions(form);
      return form.options ? { options: form.options } : {};
    case "number":
      return form.format === undefined ? {} : { format: form.format };
    case "formula":
      return { expression: need(form, "expression") };
    case "relation": {
      const kind = form.twoWay ? "dual_property" : "single_property";
      const id = await resolve(need(form, "relatedTo"));
      return { data_source_id: id, type: kind, [kind]: {} };
    }
    case "rollup":
      return {
        relation_property_name: need(form, "relation"),
        rollup_property_name: need(form, "property"),
        function: need(form, "function"),
      };
    case "unique_id":
      return form.prefix === undefined ? {} : { prefix: form.prefix };
    default:
      return {};
  }
}

function assertOptions(form: PropertyForm): void {
  const names = (form.options ?? []).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(form, `its option "${twice}" is given twice.`);
  const withComma = names.find((name) => name.includes(","));
  if (withComma !== undefined && form.type !== "status") {
    throw invalid(form, `the name of its option "${withComma}" has a comma.`);
  }
}

function need(
  form: PropertyForm,
  field: "expression" | "relatedTo" | "relation" | "property" | "function",
): string {
  const value = form[field];
  if (value !== undefined) return value;
  throw invalid(form, `this type needs "${field}".`);
}

function invalid({ name, type }: PropertyForm, why: string): AppError<"invalid_input"> {
  return new AppError("invalid_input", 400, `Property "${name}" (${type}) cannot be made: ${why}`, {
    details: { property: name, type },
  });
}
