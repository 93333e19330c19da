import type { View } from "../api/view.ts";
import { toDashed } from "../ids.ts";
import { notFound } from "../api/find-node.ts";
import type { PageNode, PropertySchema } from "../store/records.ts";
import type { ValuePlace } from "./property-type.ts";

/** The two ways a relation can be set up. */
export type RelationKind = "single_property" | "dual_property";

/** What a relation column leads to, as kept in its `config`. */
export interface RelationConfig extends Record<string, unknown> {
  dataSourceId: string;
  kind: RelationKind;
  /** The column on the other side; only of dual ones. */
  syncedId: string | null;
}

export function relationConfig(column: PropertySchema): RelationConfig {
  // Written by `relation` of the column types, and by nothing else.
  return column.config as RelationConfig;
}

/** The pages a request names, which must be there and seen by who asks. */
export function storeRelation(
  request: { id: string }[],
  { view }: Omit<ValuePlace, "page">,
): string[] {
  const ids = [...new Set(request.map(({ id }) => toDashed(id)))];
  for (const id of ids) {
    const page = view.store.get("nodes", id);
    if (page?.kind !== "page" || !view.canSee(page)) throw notFound("page", id, view);
  }
  return ids;
}

/** The related pages that are there and may be seen. */
export function presentRelation(stored: string[], { view }: ValuePlace): object[] {
  return relatedPages(stored, view).map(({ id }) => ({ id }));
}

export function relatedPages(ids: readonly string[], view: View): PageNode[] {
  return ids
    .map((id) => view.store.get("nodes", id))
    .filter((page) => page?.kind === "page")
    .filter((page) => !page.inTrash && view.canSee(page));
}

/** Writes the other side of every dual relation that changed between two states of a page. */
export function syncRelations(
  view: View,
  columns: readonly PropertySchema[],
  { before, after }: { before: PageNode | undefined; after: PageNode },
): void {
  for (const column of columns) {
    if (column.type !== "relation") continue;
    const { syncedId } = relationConfig(column);
    if (syncedId === null) continue;
    const was = idsIn(before, column.id);
    const is = idsIn(after, column.id);
    const link = { columnId: syncedId, to: after.id };
    for (const id of is) if (!was.includes(id)) relate(view, id, { ...link, isRelated: true });
    for (const id of was) if (!is.includes(id)) relate(view, id, { ...link, isRelated: false });
  }
}

function idsIn(page: PageNode | undefined, columnId: string): string[] {
  // Stored by `storeRelation` or by `relate` below.
  return (page?.properties[columnId]?.value ?? []) as string[];
}

/** Adds a page to another page's relation, or takes it out. */
function relate(
  view: View,
  pageId: string,
  { columnId, to, isRelated }: { columnId: string; to: string; isRelated: boolean },
): void {
  const page = view.store.get("nodes", pageId);
  if (page?.kind !== "page") return;
  const others = idsIn(page, columnId).filter((id) => id !== to);
  const value = isRelated ? [...others, to] : others;
  const properties = { ...page.properties, [columnId]: { type: "relation", value } };
  view.store.put("nodes", { ...page, properties });
}
