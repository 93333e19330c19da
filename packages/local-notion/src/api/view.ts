import type { FileLinks } from "../files/file-links.ts";
import type { Clock } from "../clock.ts";
import type { App, Connection, Node } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { ApiVersion } from "./version.ts";

/** Who looks at the workspace and how: everything that decides what an answer shows. */
export interface View {
  store: Store;
  clock: Clock;
  version: ApiVersion;
  connection: Connection;
  app: App;
  /** Where people open pages; no slash at the end. */
  publicUrl: string;
  canSee(node: Node): boolean;
  /** A link to an uploaded file that works for an hour. */
  uploadUrl(fileUploadId: string): string;
}

interface Parts extends Omit<View, "canSee" | "uploadUrl"> {
  fileLinks: FileLinks;
}

export function createView({ fileLinks, ...parts }: Parts): View {
  const { store, connection, publicUrl } = parts;
  return {
    ...parts,
    canSee: (node) => isShared(store, connection, node),
    uploadUrl: (id) => publicUrl + fileLinks.create(id),
  };
}

/** A connection sees what it was granted and everything below. */
export function isShared(store: Store, connection: Connection, node: Node): boolean {
  if (node.workspaceId !== connection.workspaceId) return false;
  if (connection.shared === "all") return true;
  if (connection.shared.includes(node.id)) return true;
  for (const ancestor of store.nodes.ancestorsOf(node)) {
    if (connection.shared.includes(ancestor.id)) return true;
  }
  return false;
}
