import type { Node } from "../store/records.ts";
import type { View } from "./view.ts";
import { isAtLeast } from "./version.ts";

/** Where a node is. Old versions call the data source of a row by its database. */
export function presentParent(node: Node, view: View): object {
  const parent = view.store.get("nodes", node.parentId);
  if (!parent) return { type: "workspace", workspace: true };
  switch (parent.kind) {
    case "page":
      return { type: "page_id", page_id: parent.id };
    case "block":
      return { type: "block_id", block_id: parent.id };
    case "database":
      return { type: "database_id", database_id: parent.id };
    case "data_source":
      return isAtLeast(view.version, "2025-09-03")
        ? { type: "data_source_id", data_source_id: parent.id, database_id: parent.parentId }
        : { type: "database_id", database_id: parent.parentId };
  }
}
