import { plainTextOf, type RichText } from "../rich-text/rich-text.ts";
import type { Node, PageNode } from "../store/records.ts";

/** The title of a page, database or data source, as one text. */
export function pageTitle(node: Node): string {
  switch (node.kind) {
    case "page":
      return plainTextOf(titleOf(node));
    case "database":
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
