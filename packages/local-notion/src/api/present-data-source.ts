import { toMinute, toPrecise } from "../clock.ts";
import { inAnswerOrder } from "../properties/columns.ts";
import { columnTypes } from "../properties/column-types.ts";
import { encodeId } from "../properties/find-column.ts";
import { presentCover, presentIcon, presentRichText } from "../rich-text/present-rich-text.ts";
import { plainTextOf } from "../rich-text/rich-text.ts";
import type { DatabaseNode, DataSourceNode, PropertySchema } from "../store/records.ts";
import { presentParent } from "./present-parent.ts";
import { partialUser } from "./present-user.ts";
import { dataSourcesOf, soleDataSource } from "./sole-data-source.ts";
import { shownTitle, untitled } from "./titles.ts";
import { nodeUrl } from "./urls.ts";
import { isAtLeast } from "./version.ts";
import type { View } from "./view.ts";

/** A database as answers show it; for old versions, with the columns of its one data source. */
export function presentDatabase(database: DatabaseNode, view: View): object {
  if (!isAtLeast(view.version, "2025-09-03")) {
    return presentOldDatabase(database, soleDataSource(database, view), view);
  }
  const isTrashed = view.store.nodes.isInTrash(database);
  return {
    object: "database",
    id: database.id,
    title: presentRichText(shownTitle(database), view),
    description: presentRichText(database.description, view),
    parent: presentParent(database, view),
    is_inline: database.isInline,
    in_trash: isTrashed,
    is_locked: database.isLocked,
    created_time: toPrecise(database.createdTime),
    last_edited_time: toPrecise(database.editedTime),
    data_sources: dataSourcesOf(database, view).map(({ id, title }) => ({
      id,
      name: plainTextOf(title) || untitled,
    })),
    icon: presentIcon(database.icon, view),
    cover: presentCover(database.cover, view),
    url: nodeUrl(database.id, "", view),
    public_url: null,
    ...(isAtLeast(view.version, "2026-03-11") ? {} : { archived: isTrashed }),
  };
}

/** A data source as answers show it. */
export function presentDataSource(source: DataSourceNode, view: View): object {
  const database = view.store.get("nodes", source.parentId);
  if (database?.kind !== "database") throw new Error(`${source.id} is in no database.`);
  if (!isAtLeast(view.version, "2025-09-03")) return presentOldDatabase(database, source, view);
  const isTrashed = view.store.nodes.isInTrash(source);
  return {
    object: "data_source",
    id: source.id,
    cover: presentCover(database.cover, view),
    icon: presentIcon(source.icon, view),
    created_time: toMinute(source.createdTime),
    created_by: partialUser(source.createdBy),
    last_edited_by: partialUser(source.editedBy),
    last_edited_time: toMinute(source.editedTime),
    title: presentRichText(source.title, view),
    description: presentRichText(database.description, view),
    is_inline: database.isInline,
    properties: presentColumns(source, view),
    parent: { type: "database_id", database_id: database.id },
    database_parent: presentParent(database, view),
    url: nodeUrl(database.id, "", view),
    public_url: null,
    in_trash: isTrashed,
    ...(isAtLeast(view.version, "2026-03-11") ? {} : { archived: isTrashed }),
  };
}

function presentOldDatabase(database: DatabaseNode, source: DataSourceNode, view: View): object {
  const isTrashed = view.store.nodes.isInTrash(source);
  return {
    object: "database",
    id: database.id,
    cover: presentCover(database.cover, view),
    icon: presentIcon(database.icon, view),
    created_time: toMinute(source.createdTime),
    created_by: partialUser(source.createdBy),
    last_edited_by: partialUser(source.editedBy),
    last_edited_time: toMinute(source.editedTime),
    title: presentRichText(database.title, view),
    description: presentRichText(database.description, view),
    is_inline: database.isInline,
    properties: presentColumns(source, view),
    parent: presentParent(database, view),
    url: nodeUrl(database.id, "", view),
    public_url: null,
    archived: isTrashed,
    in_trash: isTrashed,
  };
}

function presentColumns(source: DataSourceNode, view: View): Record<string, object> {
  const columns = inAnswerOrder(source.schema);
  return Object.fromEntries(
    columns.map((column) => [column.name, presentColumn(column, source, view)]),
  );
}

function presentColumn(column: PropertySchema, source: DataSourceNode, view: View): object {
  const { id, name, description, type } = column;
  return {
    id: encodeId(id),
    name,
    description,
    type,
    [type]: columnTypes[type]?.present(column, view, source.id) ?? {},
  };
}
