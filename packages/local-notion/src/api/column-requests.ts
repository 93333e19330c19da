import { columnTypes } from "../properties/column-types.ts";
import { isRecord, looseObject, record, union } from "../validate/composites.ts";
import { literal, nullable, optional, string } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";

const common = { name: optional(string({ min: 1 })), description: optional(nullable(string())) };

const branches = Object.entries(columnTypes).flatMap(([type, { request, isWritable }]) =>
  isWritable ? [looseObject({ type: optional(literal(type)), [type]: request, ...common })] : [],
);

/** The columns of something new, by name. */
export const newColumns: Schema<Record<string, Record<string, unknown>>> = record(
  union(...branches),
);

/** Changes of columns, by name or id: null removes one, a bare name renames it. */
export const columnChanges: Schema<Record<string, Record<string, unknown> | null>> = record(
  nullable(union(...branches, looseObject({ name: string({ min: 1 }) }))),
);

/** The type a column request is about, if it names one. */
export function typeIn(request: Record<string, unknown>): string | undefined {
  return Object.keys(columnTypes).find((type) => isRecord(request[type]));
}
