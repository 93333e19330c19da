import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { notFound } from "./find-node.ts";
import { statusOf } from "./present-upload.ts";
import type { View } from "./view.ts";

/**
 * Attaches every file upload that a request's body names. Each must be of the same connection,
 * sent, and no older than an hour; from then on it stays.
 */
export function attachUploads(view: View, body: unknown): void {
  for (const id of uploadIds(body)) attach(view, id);
}

function attach(view: View, rawId: string): void {
  const upload = view.store.get("uploads", toDashed(rawId));
  if (upload?.createdBy !== view.connection.id) throw notFound("file upload", rawId, view);
  const status = statusOf(upload, view);
  if (status !== "uploaded") {
    throw NotionError.validation(
      `File upload ${upload.id} has the status "${status}" and cannot be attached; it must be "uploaded".`,
    );
  }
  view.store.put("uploads", { ...upload, expiryTime: null });
}

function* uploadIds(value: unknown): Generator<string> {
  // The bytes of a sent file are an object with a key for each of them.
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === "file_upload_id" && typeof part === "string") yield part;
    const id: unknown = key === "file_upload" && part && typeof part === "object" ? part.id : null;
    if (typeof id === "string") yield id;
    else yield* uploadIds(part);
  }
}
