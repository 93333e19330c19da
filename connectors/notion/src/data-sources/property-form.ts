import * as z from "zod";

/** The types of property that the API can make. */
export const creatableTypes = [
  "title",
  "rich_text",
  "number",
  "select",
  "multi_select",
  "status",
  "date",
  "people",
  "files",
  "checkbox",
  "url",
  "email",
  "phone_number",
  "formula",
  "relation",
  "rollup",
  "unique_id",
  "place",
  "created_time",
  "created_by",
  "last_edited_time",
  "last_edited_by",
] as const;

const colors = [
  "default",
  "gray",
  "brown",
  "orange",
  "yellow",
  "green",
  "blue",
  "purple",
  "pink",
  "red",
] as const;

const OptionForm = z.union([
  z
    .string()
    .trim()
    .min(1)
    .transform((name) => ({ name })),
  z.object({
    name: z.string().trim().min(1).meta({ title: "Name" }),
    color: z.enum(colors).optional().meta({ title: "Color" }),
    description: z.string().optional().meta({ title: "Description" }),
  }),
]);
export const OptionForms = z.array(OptionForm).max(100);
export type OptionForm = z.output<typeof OptionForm>;

/** A property to be made, as the form asks for it. */
export const PropertyForm = z.object({
  name: z.string().trim().min(1).meta({ title: "Name" }),
  type: z.enum(creatableTypes).meta({ title: "Type" }),
  description: z.string().max(280).optional().meta({ title: "Description" }),
  options: OptionForms.optional().meta({
    title: "Options",
    description: "Of a select, multi-select or status: names, or objects of name and color.",
  }),
  format: z.string().min(1).optional().meta({
    title: "Number format",
    description: "Of a number, such as number, percent, euro or dollar.",
  }),
  expression: z.string().min(1).optional().meta({
    title: "Formula",
    description: 'Such as prop("Days") * 2.',
  }),
  relatedTo: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({
      title: "Related data source",
      description: "Of a relation.",
      ui: { picker: "data-sources" },
    }),
  twoWay: z.boolean().optional().meta({
    title: "Show on the related side too",
    description: "Of a relation.",
  }),
  relation: z.string().min(1).optional().meta({
    title: "Relation",
    description: "Of a rollup: the relation property it goes through.",
  }),
  property: z.string().min(1).optional().meta({
    title: "Related property",
    description: "Of a rollup: the property of the related pages.",
  }),
  function: z.string().min(1).optional().meta({
    title: "Calculation",
    description: "Of a rollup, such as show_original, count, sum or latest_date.",
  }),
  prefix: z.string().min(1).optional().meta({ title: "Prefix", description: "Of a unique id." }),
});
export type PropertyForm = z.output<typeof PropertyForm>;
