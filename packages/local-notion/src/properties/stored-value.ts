import type { PageNode, PropertySchema } from "../store/records.ts";
import type { PropertyType } from "./property-type.ts";
import { propertyTypes } from "./property-types.ts";

export function typeOf(column: PropertySchema): PropertyType {
  const type = propertyTypes[column.type];
  if (!type) throw new Error(`Property "${column.name}" has the unknown type ${column.type}.`);
  return type;
}

/** What a page has stored in a column: its type's beginning when it was never given a value. */
export function storedValue(page: PageNode, column: PropertySchema): unknown {
  const stored = page.properties[column.id];
  return stored?.type === column.type ? stored.value : typeOf(column).initial;
}
