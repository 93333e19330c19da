import type { Call } from "../api/call.ts";
import { findDatabase, findDataSource } from "../api/find-node.ts";
import { soleDataSource } from "../api/sole-data-source.ts";
import { isAtLeast } from "../api/version.ts";
import type { View } from "../api/view.ts";
import { NotionError } from "../notion-error.ts";
import { selectColors } from "../rich-text/colors.ts";
import type { PropertySchema } from "../store/records.ts";
import { array, looseObject, union } from "../validate/composites.ts";
import { id, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import { findColumn } from "./find-column.ts";
import { fromStoredFormula, toStoredFormula } from "./formula-source.ts";
import { mergeOptions, type Option } from "./options.ts";
import { relationConfig, type RelationConfig } from "./relation.ts";
import { rollupConfig, rollupFunctions, type RollupConfig } from "./rollup.ts";
import { defaultStatus, mergeStatus } from "./status-groups.ts";

/** Where a column is being made or shown. */
export interface ColumnPlace {
  call: Call;
  sourceId: string;
  /** The columns as they are so far. */
  columns: readonly PropertySchema[];
  /** What the column was before, if it is the same type. */
  before: Record<string, unknown> | undefined;
}

interface ColumnType {
  /** The value under the type's key in a request that makes or changes a column. */
  request: Schema<unknown>;
  toConfig(request: unknown, place: ColumnPlace): Record<string, unknown>;
  present(column: PropertySchema, view: View, sourceId: string): object;
  /** Whether the API can make one. */
  isWritable: boolean;
}

function columnType<R>(definition: {
  request: Schema<R>;
  toConfig?: (request: R, place: ColumnPlace) => Record<string, unknown>;
  present?: (column: PropertySchema, view: View, sourceId: string) => object;
  isWritable?: boolean;
}): ColumnType {
  const { request, toConfig, present, isWritable = true } = definition;
  return {
    request,
    isWritable,
    // The border of the table of types: the request was checked by `request` before.
    toConfig: (value, place) => toConfig?.(value as R, place) ?? {},
    present: (column, view, sourceId) => present?.(column, view, sourceId) ?? {},
  };
}

const simple = columnType({ request: looseObject({}) });
const option = looseObject({
  name: optional(string({ min: 1, max: 100 })),
  id: optional(string()),
  color: optional(oneOf(selectColors)),
  description: optional(nullable(string())),
});

const options = columnType({
  request: looseObject({ options: optional(array(option, { max: 100 })) }),
  toConfig: (request, { before }) => ({
    options: mergeOptions((before?.["options"] ?? []) as Option[], request.options),
  }),
  present: ({ config }) => ({ options: config["options"] }),
});

const relation = columnType({
  request: union(
    looseObject({
      data_source_id: id(),
      type: optional(oneOf(["single_property", "dual_property"])),
      dual_property: optional(looseObject({})),
    }),
    looseObject({
      database_id: id(),
      type: optional(oneOf(["single_property", "dual_property"])),
      dual_property: optional(looseObject({})),
    }),
  ),
  toConfig: (request, { call, before }): RelationConfig => {
    const { view } = call;
    const target =
      "data_source_id" in request
        ? findDataSource(view, request.data_source_id)
        : soleDataSource(findDatabase(view, request.database_id), view);
    const isDual = request.type === "dual_property" || request.dual_property !== undefined;
    const known = before?.["dataSourceId"] === target.id ? before["syncedId"] : null;
    return {
      dataSourceId: target.id,
      kind: isDual ? "dual_property" : "single_property",
      syncedId: isDual ? ((known ?? null) as string | null) : null,
    };
  },
  present: presentRelationColumn,
});

function presentRelationColumn(column: PropertySchema, view: View): object {
  const { dataSourceId, kind, syncedId } = relationConfig(column);
  const target = view.store.get("nodes", dataSourceId);
  const synced =
    target?.kind === "data_source"
      ? target.schema.find(({ id: one }) => one === syncedId)
      : undefined;
  return {
    database_id: target?.parentId ?? dataSourceId,
    ...(isAtLeast(view.version, "2025-09-03") ? { data_source_id: dataSourceId } : {}),
    type: kind,
    [kind]:
      kind === "dual_property" && synced
        ? { synced_property_name: synced.name, synced_property_id: encodeURIComponent(synced.id) }
        : {},
  };
}

const rollup = columnType({
  request: looseObject({
    function: oneOf(rollupFunctions),
    relation_property_name: optional(string()),
    relation_property_id: optional(string()),
    rollup_property_name: optional(string()),
    rollup_property_id: optional(string()),
  }),
  toConfig: (request, { call, columns }): RollupConfig => {
    const named = request.relation_property_id ?? request.relation_property_name ?? "";
    const link = findColumn(columns, named);
    if (link?.type !== "relation") {
      throw NotionError.validation(`Could not find a relation property with name or id: ${named}`);
    }
    const target = call.view.store.get("nodes", relationConfig(link).dataSourceId);
    const wanted = request.rollup_property_id ?? request.rollup_property_name ?? "";
    const read = findColumn(target?.kind === "data_source" ? target.schema : [], wanted);
    if (!read) throw NotionError.validation(`Could not find property with name or id: ${wanted}`);
    return { relationId: link.id, targetId: read.id, function: request.function };
  },
  present: presentRollupColumn,
});

function presentRollupColumn(column: PropertySchema, view: View, sourceId: string): object {
  const { relationId, targetId, function: name } = rollupConfig(column);
  const source = view.store.get("nodes", sourceId);
  const link =
    source?.kind === "data_source" ? source.schema.find((one) => one.id === relationId) : undefined;
  const target = link ? view.store.get("nodes", relationConfig(link).dataSourceId) : undefined;
  const read =
    target?.kind === "data_source" ? target.schema.find((one) => one.id === targetId) : undefined;
  return {
    rollup_property_name: read?.name ?? "",
    relation_property_name: link?.name ?? "",
    rollup_property_id: targetId,
    relation_property_id: relationId,
    function: name,
  };
}

/** Every kind of column: how one is asked for, kept and shown. */
export const columnTypes: Readonly<Record<string, ColumnType>> = {
  title: simple,
  rich_text: simple,
  number: columnType({
    request: looseObject({ format: optional(string({ min: 1 })) }),
    toConfig: (request, { before }) => ({
      format: request.format ?? before?.["format"] ?? "number",
    }),
    present: ({ config }) => ({ format: config["format"] }),
  }),
  select: options,
  multi_select: options,
  status: columnType({
    request: looseObject({ options: optional(array(option, { max: 100 })) }),
    toConfig: (request, { before }) => mergeStatus(before ?? defaultStatus(), request.options),
    present: ({ config }) => ({ options: config["options"], groups: config["groups"] }),
  }),
  date: simple,
  people: simple,
  files: simple,
  checkbox: simple,
  url: simple,
  email: simple,
  phone_number: simple,
  formula: columnType({
    request: looseObject({ expression: optional(string()) }),
    toConfig: (request, { columns }) => ({
      expression: toStoredFormula(request.expression ?? "", columns),
    }),
    present: ({ config }, view, sourceId) => ({
      expression: fromStoredFormula(
        String(config["expression"]),
        view.connection.workspaceId,
        sourceId,
      ),
    }),
  }),
  relation,
  rollup,
  unique_id: columnType({
    request: looseObject({ prefix: optional(nullable(string())) }),
    toConfig: (request, { before }) => ({
      prefix: request.prefix === undefined ? (before?.["prefix"] ?? null) : request.prefix,
    }),
    present: ({ config }) => ({ prefix: config["prefix"] ?? null }),
  }),
  created_time: simple,
  created_by: simple,
  last_edited_time: simple,
  last_edited_by: simple,
  place: simple,
  button: { ...simple, isWritable: false },
  verification: { ...simple, isWritable: false },
};
