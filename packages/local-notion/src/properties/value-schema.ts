import { looseObject, record, union } from "../validate/composites.ts";
import { literal, optional } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import { propertyTypes } from "./property-types.ts";

const branches = Object.entries(propertyTypes).flatMap(([type, { request }]) =>
  request ? [looseObject({ type: optional(literal(type)), [type]: request })] : [],
);
const wrapped = union(...branches);
const bareText = propertyTypes["title"]?.request;

/** One property's value in a request: under its type's key, or bare texts of a title. */
const value: Schema<unknown> = {
  expects: "an object",
  check: (given, at, problems) => {
    if (Array.isArray(given)) bareText?.check(given, at, problems);
    else wrapped.check(given, at, problems);
  },
};

/** The `properties` of a page in a request, by name or id. */
export const propertyValues = record(value);
