import { plain, plainTextOf, type RichText } from "../rich-text/rich-text.ts";
import type { DatabaseNode, Node, PageNode } from "../store/records.ts";

/** The title of a page, database or data source, as one text. */
export function pageTitle(node: Node): string {
  switch (node.kind) {
    case "page":
      return plainTextOf(titleOf(node));
    case "database":
      return plainTextOf(shownTitle(node));
    case "data_source":
      return plainTextOf(node.title);
    case "block":
      return "";
  }
}

export function titleOf(page: PageNode): RichText[] {
  // The title property is stored as rich text by every operation that sets it.
  return (page.properties["title"]?.value ?? []) as RichText[];
}

/** What a database without a title is called. */
export const untitled = "New database";

export function shownTitle(database: DatabaseNode): RichText[] {
  return database.title.length > 0 ? database.title : [plain(untitled)];
}
