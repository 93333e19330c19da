import type { PropertySchema } from "../store/records.ts";

/** A column by its name or id, the id URL-encoded or not. */
export function findColumn(
  columns: readonly PropertySchema[],
  nameOrId: string,
): PropertySchema | undefined {
  return (
    columns.find(({ name }) => name === nameOrId) ??
    columns.find(({ id }) => id === nameOrId || encodeId(id) === nameOrId)
  );
}

/** A column's id as answers show it, fit for a URL. */
export function encodeId(columnId: string): string {
  return encodeURIComponent(columnId);
}
