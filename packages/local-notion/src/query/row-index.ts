import type { View } from "../api/view.ts";
import { plainValue } from "../properties/plain-value.ts";
import { SortedList } from "../store/sorted-list.ts";
import type { DataSourceNode, Node, PageNode, PropertySchema } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { compareKeys, rankOf, toKey, type Key } from "./sort-key.ts";

/** A row with what one column sorts it by. */
export interface Entry {
  key: Key;
  row: PageNode;
}

export type Timestamp = "created_time" | "last_edited_time";

/** Columns whose values are in the row itself; those of others change without it. */
const storedTypes = new Set([
  "title",
  "rich_text",
  "url",
  "email",
  "phone_number",
  "number",
  "unique_id",
  "checkbox",
  "date",
  "created_time",
  "last_edited_time",
  "select",
  "status",
  "multi_select",
]);

export function isIndexable({ type }: PropertySchema): boolean {
  return storedTypes.has(type);
}

const known = new WeakMap<Store, RowIndexes>();

/** The rows of a data source by a column or time: sorted when first asked for, then kept so. */
export function rowsBy(
  source: DataSourceNode,
  by: PropertySchema | Timestamp,
  view: View,
): SortedList<Entry> {
  const indexes = known.get(view.store) ?? new RowIndexes(view.store);
  known.set(view.store, indexes);
  return indexes.of(source, by, view).entries;
}

interface ColumnIndex {
  keyOf: (row: PageNode) => Key;
  entries: SortedList<Entry>;
}

/**
 * Sorted rows of data sources, following every change of the store.
 *
 * - A change of a source's schema, such as a new option, drops what is known of the source.
 */
class RowIndexes {
  readonly #sources = new Map<string, Map<string, ColumnIndex>>();

  constructor(store: Store) {
    store.onNode((before, after) => {
      if (before?.kind === "data_source") {
        if (after?.kind !== "data_source" || after.schema !== before.schema) {
          this.#sources.delete(before.id);
        }
        return;
      }
      this.#each(before, ({ keyOf, entries }, row) => entries.remove({ key: keyOf(row), row }));
      this.#each(after, ({ keyOf, entries }, row) => entries.add({ key: keyOf(row), row }));
    });
  }

  of(source: DataSourceNode, by: PropertySchema | Timestamp, view: View): ColumnIndex {
    const columns = this.#sources.get(source.id) ?? new Map<string, ColumnIndex>();
    this.#sources.set(source.id, columns);
    const name = typeof by === "string" ? `time ${by}` : `column ${by.id}`;
    const column = columns.get(name) ?? build(source, by, view);
    columns.set(name, column);
    return column;
  }

  #each(node: Node | undefined, run: (column: ColumnIndex, row: PageNode) => void): void {
    if (node?.kind !== "page") return;
    for (const column of this.#sources.get(node.parentId)?.values() ?? []) run(column, node);
  }
}

function build(source: DataSourceNode, by: PropertySchema | Timestamp, view: View): ColumnIndex {
  const keyOf = keyReader(source, by, view);
  const rows = view.store.nodes.childrenOf(source.id).filter((node) => node.kind === "page");
  const entries = rows.map((row) => ({ key: keyOf(row), row }));
  return { keyOf, entries: new SortedList(entries, compareEntries) };
}

/** Reads what rows are sorted by. */
export function keyReader(
  source: DataSourceNode,
  by: PropertySchema | Timestamp,
  view: View,
): (row: PageNode) => Key {
  if (by === "created_time") return (row) => row.createdTime;
  if (by === "last_edited_time") return (row) => row.editedTime;
  const place = { column: by, sourceId: source.id, view };
  const rank = rankOf(by);
  return (row) => toKey(plainValue({ ...place, page: row }), rank);
}

/** Rows without a value come last; among rows of one value the newest comes first. */
function compareEntries(a: Entry, b: Entry): number {
  return compareKeys(a.key, b.key, "ascending") || newestFirst(a.row, b.row);
}

export function newestFirst(a: PageNode, b: PageNode): number {
  return b.order - a.order || (a.id < b.id ? -1 : Number(a.id > b.id));
}
