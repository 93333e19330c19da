import type { Node } from "../store/records.ts";
import type { Call } from "./call.ts";

/** Moves a node with everything below it into the trash or back out. */
export function setTrashed(call: Call, node: Node, inTrash: boolean): void {
  const { store } = call.view;
  const current = store.get("nodes", node.id) ?? node;
  if (current.inTrash !== inTrash) {
    store.put("nodes", { ...current, inTrash });
    touch(call, current);
  }
}

/** Notes an edit of a node, and of the page it is on. */
export function touch(call: Call, node: Node): void {
  const { store, clock } = call.view;
  const edited = { editedTime: clock.now(), editedBy: call.view.connection.id };
  const current = store.get("nodes", node.id) ?? node;
  store.put("nodes", { ...current, ...edited });
  if (current.kind !== "block") return;
  for (const ancestor of store.nodes.ancestorsOf(current)) {
    if (ancestor.kind !== "page") continue;
    store.put("nodes", { ...ancestor, ...edited });
    return;
  }
}
