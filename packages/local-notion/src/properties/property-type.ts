import type { View } from "../api/view.ts";
import type { PageNode, PropertySchema } from "../store/records.ts";
import type { Schema } from "../validate/schema.ts";

/** Where a value is: the page that has it and the column it is in. */
export interface ValuePlace {
  page: PageNode;
  column: PropertySchema;
  /** The data source of the column; none for the title of a plain page. */
  sourceId?: string;
  /** How many formulas led here, one by another. */
  depth?: number;
  view: View;
}

/** A kind of property: how its values are asked for, kept and shown. */
export interface PropertyType {
  /** The value under the type's key in a request; absent for values Notion computes. */
  request?: Schema<unknown>;
  /** What a page has that was never given one. */
  initial: unknown;
  /** The stored form of a request; may add options to the column. */
  store(request: unknown, place: Omit<ValuePlace, "page">): unknown;
  present(stored: unknown, place: ValuePlace): unknown;
  /** Whether the property endpoint lists its elements one by one. */
  isPaged: boolean;
}

/** Builds a type with its own types inside; the outside knows only that they belong together. */
export function propertyType<R, S>(definition: {
  request?: Schema<R>;
  initial: S;
  store?: (request: R, place: Omit<ValuePlace, "page">) => S;
  present?: (stored: S, place: ValuePlace) => unknown;
  isPaged?: boolean;
}): PropertyType {
  const { request, initial, store, present, isPaged = false } = definition;
  return {
    ...(request ? { request } : {}),
    initial,
    isPaged,
    // The border of the table of types: requests were checked by `request` before, and stored
    // values came out of `store` of the same type.
    store: (value, place) => (store ? store(value as R, place) : value),
    present: (stored, place) => (present ? present(stored as S, place) : stored),
  };
}
