import { blockTypes } from "../blocks/block-types.ts";
import { toMinute } from "../clock.ts";
import type { BlockNode, DatabaseNode, Node, PageNode } from "../store/records.ts";
import { presentParent } from "./present-parent.ts";
import { partialUser } from "./present-user.ts";
import { pageTitle } from "./titles.ts";
import { isAtLeast } from "./version.ts";
import type { View } from "./view.ts";

/** A block, page or database as a block object. */
export function presentBlock(node: BlockNode | PageNode | DatabaseNode, view: View): object {
  const { type, payload } = payloadOf(node, view);
  const isTrashed = view.store.nodes.isInTrash(node);
  const isOld = view.version === "2022-06-28";
  const isMiddle = !isOld && !isAtLeast(view.version, "2026-03-11");
  return {
    object: "block",
    id: node.id,
    parent: presentParent(node, view),
    created_time: toMinute(node.createdTime),
    last_edited_time: toMinute(node.editedTime),
    created_by: partialUser(node.createdBy),
    last_edited_by: partialUser(node.editedBy),
    has_children: hasChildren(node, view),
    ...(isOld ? { archived: isTrashed } : {}),
    in_trash: isTrashed,
    type,
    [type]: payload,
    ...(isMiddle ? { archived: isTrashed } : {}),
  };
}

/** A database's children are its rows, which are no blocks. */
function hasChildren(node: Node, view: View): boolean {
  return node.kind !== "database" && view.store.nodes.hasLiveChildren(node.id);
}

function payloadOf(
  node: BlockNode | PageNode | DatabaseNode,
  view: View,
): { type: string; payload: object } {
  switch (node.kind) {
    case "page":
      return { type: "child_page", payload: { title: pageTitle(node) } };
    case "database":
      return { type: "child_database", payload: { title: pageTitle(node) } };
    case "block": {
      const definition = blockTypes[node.type];
      if (!definition) throw new Error(`Block ${node.id} has the unknown type ${node.type}.`);
      return { type: shownType(node.type, view), payload: definition.present(node.content, view) };
    }
  }
}

/** Meeting notes were called transcriptions before 2026-03-11. */
function shownType(type: string, { version }: View): string {
  return type === "meeting_notes" && !isAtLeast(version, "2026-03-11") ? "transcription" : type;
}
