import type { Found } from "../api/api.ts";
import type { Icon, Page, RichText } from "../api/objects.ts";
import { plainText } from "../rich-text/runs.ts";

/** The name of the page's title property; in a data source it can be any. */
export function titleProperty(page: Pick<Page, "properties"> | undefined): string {
  const named = Object.entries(page?.properties ?? {}).find(([, { type }]) => type === "title");
  return named?.[0] ?? "title";
}

export function titleOf(page: Pick<Page, "properties">): readonly RichText[] {
  const property = page.properties[titleProperty(page)];
  return property?.type === "title" ? property.title : [];
}

/** A title as it is shown where it cannot be edited. */
export function shownTitle(title: readonly RichText[]): string {
  return plainText(title).trim() || "Untitled";
}

/** A page or database as it stands in lists. */
export interface PageItem {
  id: string;
  kind: "page" | "database" | "row";
  title: string;
  icon: Icon;
  /** The page or database it is in; undefined at the top of the workspace. */
  parent: string | undefined;
  createdTime: string;
  editedTime: string;
}

export function toPageItem(found: Found, parent: string | undefined): PageItem {
  const { icon, created_time: createdTime, last_edited_time: editedTime } = found;
  const rest = { icon, parent, createdTime, editedTime };
  if (found.object === "page") {
    const isRow = found.parent.type === "data_source_id" || found.parent.type === "database_id";
    const title = shownTitle(titleOf(found));
    return { ...rest, id: found.id, kind: isRow ? "row" : "page", title };
  }
  const id = found.parent.type === "database_id" ? found.parent.database_id : found.id;
  return { ...rest, id, kind: "database", title: shownTitle(found.title) };
}
