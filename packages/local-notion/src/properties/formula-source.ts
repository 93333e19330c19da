import type { PropertySchema } from "../store/records.ts";
import { findColumn } from "./find-column.ts";

const byName = /\bprop\(\s*"((?:[^"\\]|\\.)*)"\s*\)/g;
const byReference = /\{\{notion:block_property:([^:}]*)(?::[^}]*)?\}\}/g;
const stored = /\{\{property:([^}]*)\}\}/g;

/** A formula with its columns named by id, so that renaming one breaks nothing. */
export function toStoredFormula(expression: string, columns: readonly PropertySchema[]): string {
  const reference = (whole: string, nameOrId: string): string => {
    const column = findColumn(columns, nameOrId.replaceAll('\\"', '"'));
    return column ? `{{property:${encodeURIComponent(column.id)}}}` : whole;
  };
  return expression.replaceAll(byName, reference).replaceAll(byReference, reference);
}

/** A formula as answers show it. */
export function fromStoredFormula(
  expression: string,
  workspaceId: string,
  sourceId: string,
): string {
  return expression.replaceAll(
    stored,
    (_, columnId: string) => `{{notion:block_property:${columnId}:${sourceId}:${workspaceId}}}`,
  );
}
