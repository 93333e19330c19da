import { newNodeId } from "../ids.ts";
import type { Node, Time } from "../store/records.ts";
import type { View } from "./view.ts";

export interface Stamp {
  id: string;
  workspaceId: string;
  parentId: string;
  createdTime: Time;
  createdBy: string;
  editedTime: Time;
  editedBy: string;
  inTrash: boolean;
}

/** What every new node carries: an id, where it is, and who made it when. */
export function newStamp(view: View, parent: Pick<Node, "id"> | undefined): Stamp {
  const { workspaceId, id: actor } = view.connection;
  const workspace = view.store.get("workspaces", workspaceId);
  const now = view.clock.now();
  return {
    id: newNodeId(workspace?.idPrefix ?? "000000000000"),
    workspaceId,
    parentId: parent?.id ?? workspaceId,
    createdTime: now,
    createdBy: actor,
    editedTime: now,
    editedBy: actor,
    inTrash: false,
  };
}
