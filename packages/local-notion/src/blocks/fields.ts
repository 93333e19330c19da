import type { View } from "../api/view.ts";
import { colors } from "../rich-text/colors.ts";
import { presentIcon, presentRichText } from "../rich-text/present-rich-text.ts";
import { icon, richText } from "../rich-text/rich-text-schema.ts";
import type { Icon } from "../rich-text/rich-text.ts";
import { toIcon, toRichText } from "../rich-text/store-rich-text.ts";
import { array } from "../validate/composites.ts";
import { boolean, nullable, number, oneOf, optional, string } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import { languages } from "./languages.ts";

/** One key of a block's payload: how it is asked for, kept and shown. */
export interface Field {
  schema: Schema<unknown>;
  required: boolean;
  /** Its value when a new block does not give one; undefined leaves the key out. */
  initial: unknown;
  store(request: unknown): unknown;
  present(stored: unknown, view: View): unknown;
}

function field<R, S>(definition: {
  schema: Schema<R>;
  required?: boolean;
  initial?: S;
  store: (request: R) => S;
  present: (stored: S, view: View) => unknown;
}): Field {
  const { schema, required = false, initial, store, present } = definition;
  return {
    schema: required ? schema : optional(schema),
    required,
    initial,
    // The border between one table of differently typed fields and each field's own types: a
    // request was checked by `schema` before, and what is stored came out of `store`.
    store: (request) => store(request as R),
    present: (stored, view) => present(stored as S, view),
  };
}

function plainField<T>(schema: Schema<T>, options: { required?: boolean; initial?: T }): Field {
  return field<T, T>({ schema, ...options, store: (value) => value, present: (value) => value });
}

export const text = field({
  schema: richText,
  required: true,
  store: toRichText,
  present: presentRichText,
});
export const caption = field({
  schema: richText,
  initial: [],
  store: toRichText,
  present: presentRichText,
});
export const color = plainField(oneOf(colors), { initial: "default" });
export const flag = plainField(boolean(), { initial: false });
export const expression = plainField(string({ max: 1_000 }), { required: true });
export const url = plainField(string({ max: 2_000 }), { required: true });
export const language = plainField(oneOf(languages), { required: true });
export const widthRatio = plainField(number({ min: 0, max: 1 }), {});
export const tableWidth = plainField(number({ min: 1, integer: true }), { required: true });
export const name = plainField(string({ max: 900 }), {});

export const cells = field({
  schema: array(richText, { max: 100 }),
  required: true,
  store: (rows) => rows.map(toRichText),
  present: (rows, view) => rows.map((row) => presentRichText(row, view)),
});

export function iconField(initial: Icon | null): Field {
  return field({
    schema: nullable(icon),
    initial,
    store: (request): Icon | null => (request ? toIcon(request) : null),
    present: presentIcon,
  });
}
