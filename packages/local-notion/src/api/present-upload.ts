import { toMinute } from "../clock.ts";
import type { Upload } from "../store/records.ts";
import { isAtLeast } from "./version.ts";
import type { View } from "./view.ts";

export function presentUpload(upload: Upload, view: View): object {
  const { id, filename, contentType, contentLength, expiryTime, parts } = upload;
  const url = `${view.publicUrl}/v1/file_uploads/${id}`;
  const isPerson = view.store.get("people", upload.createdBy) !== undefined;
  const isPending = statusOf(upload, view) === "pending";
  return {
    object: "file_upload",
    id,
    created_time: toMinute(upload.createdTime),
    created_by: { id: upload.createdBy, type: isPerson ? "person" : "bot" },
    last_edited_time: toMinute(upload.editedTime),
    expiry_time: expiryTime === null ? null : toMinute(expiryTime),
    ...(isPending ? { upload_url: `${url}/send` } : {}),
    ...(isPending && parts ? { complete_url: `${url}/complete` } : {}),
    in_trash: false,
    status: statusOf(upload, view),
    filename,
    content_type: contentType,
    content_length: contentLength,
    ...(parts ? { number_of_parts: { total: parts.total, sent: parts.sent.length } } : {}),
    ...(isAtLeast(view.version, "2026-03-11") ? {} : { archived: false }),
  };
}

/** Uploads nobody attached in time are gone. */
export function statusOf(upload: Upload, view: View): string {
  const isExpired = upload.expiryTime !== null && upload.expiryTime < view.clock.now();
  return isExpired ? "expired" : upload.status;
}
