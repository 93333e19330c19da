import { toMinute, type Clock } from "../clock.ts";
import type { ImportError, Upload } from "../store/records.ts";
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
    ...presentImport(upload),
    ...(parts ? { number_of_parts: { total: parts.total, sent: parts.sent.length } } : {}),
    ...(isAtLeast(view.version, "2026-03-11") ? {} : { archived: false }),
  };
}

/** Uploads nobody attached in time are gone. */
export function statusOf(upload: Upload, view: Pick<View, "clock">): Upload["status"] {
  return upload.status !== "failed" && isExpired(upload, view.clock) ? "expired" : upload.status;
}

export function isExpired({ expiryTime }: Upload, clock: Clock): boolean {
  return expiryTime !== null && expiryTime < clock.now();
}

/** How fetching it from an external URL went, once that is known. */
export function presentImport({ importResult: result }: Upload): Record<string, unknown> {
  if (!result) return {};
  const { type } = result;
  const details =
    result.type === "success" ? { success: {} } : { error: presentError(result.error) };
  const imported_time = new Date(result.importedTime).toISOString();
  return { file_import_result: { imported_time, type, ...details } };
}

function presentError({ statusCode, ...error }: ImportError): object {
  return { ...error, status_code: statusCode };
}
