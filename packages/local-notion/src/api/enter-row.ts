import { syncRelations } from "../properties/relation.ts";
import type { PageNode } from "../store/records.ts";
import type { View } from "./view.ts";

/** Does what a data source does when a page becomes one of its rows: number it, link it back. */
export function enterRow(view: View, sourceId: string, page: PageNode): void {
  const source = view.store.get("nodes", sourceId);
  if (source?.kind !== "data_source") return;
  const numbered = source.schema.find(({ type }) => type === "unique_id");
  if (numbered) {
    const value = { type: "unique_id", value: source.nextNumber };
    const properties = { ...page.properties, [numbered.id]: value };
    view.store.put("nodes", { ...page, properties });
    view.store.put("nodes", { ...source, nextNumber: source.nextNumber + 1 });
  }
  syncRelations(view, source.schema, { before: undefined, after: page });
}
