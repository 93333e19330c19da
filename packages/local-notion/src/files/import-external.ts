import type { Instance } from "../instance.ts";
import { isLoopback } from "../oauth/redirect-uri.ts";
import type { ImportError, Upload } from "../store/records.ts";

type Parts = Pick<Instance, "store" | "clock" | "changes" | "files">;

const timeoutMs = 10_000;
const mostBytes = 20 * 1_024 * 1_024;

/**
 * Fetches the files of uploads of the mode `external_url`, each right after it was asked for.
 *
 * - Each is tried once: it ends as uploaded or failed, with the reason.
 * - One whose process ended meanwhile stays pending and expires.
 * - Addresses are https, or of this machine: what Notion could reach, and what tests can serve.
 */
export function importExternalUploads(parts: Parts): void {
  parts.changes.listen({
    changed: (changes) => {
      for (const { table, id, before } of changes) {
        if (table !== "uploads" || before) continue;
        const upload = parts.store.get("uploads", id);
        if (upload?.externalUrl !== undefined) void importOne(parts, upload, upload.externalUrl);
      }
    },
    startedOver: () => undefined,
  });
}

async function importOne(parts: Parts, { id }: Upload, url: string): Promise<void> {
  const { store, clock, changes, files } = parts;
  const fetched = await fetchFile(url);
  const upload = store.get("uploads", id);
  // Started over meanwhile, or expired by a clock that was moved.
  if (upload?.status !== "pending") return;
  const now = clock.now();
  if ("bytes" in fetched) {
    files.write(id, fetched.bytes);
    store.put("uploads", {
      ...upload,
      status: "uploaded",
      editedTime: now,
      contentType: upload.contentType ?? fetched.contentType,
      contentLength: fetched.bytes.length,
      importResult: { importedTime: now, type: "success" },
    });
  } else {
    const importResult = { importedTime: now, type: "error", error: fetched } as const;
    store.put("uploads", { ...upload, status: "failed", editedTime: now, importResult });
  }
  changes.tell(store.commit());
}

type Fetched = { bytes: Buffer; contentType: string | null };

async function fetchFile(text: string): Promise<Fetched | ImportError> {
  const url = URL.parse(text);
  const isReachable = url?.protocol === "https:" || (url !== null && isLoopback(text));
  if (!isReachable) {
    const message = "The external URL must be a valid https URL.";
    return failure("validation_error", "invalid_external_url", {
      message,
      parameter: "external_url",
    });
  }
  try {
    const response = await fetch(text, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await readFile(response);
    await response.body?.cancel();
    const message = `The external URL answered with status ${response.status}.`;
    return failure("download_error", "download_failed", { message, statusCode: response.status });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The external URL could not be downloaded: ${reason}.`;
    return failure("download_error", "download_failed", { message });
  }
}

async function readFile(response: Response): Promise<Fetched | ImportError> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) {
      const message = `The file is larger than ${mostBytes} bytes.`;
      return failure("validation_error", "file_too_large", { message, parameter: "external_url" });
    }
    chunks.push(chunk);
  }
  const [contentType = ""] = (response.headers.get("content-type") ?? "").split(";");
  return { bytes: Buffer.concat(chunks), contentType: contentType.trim() || null };
}

function failure(
  type: ImportError["type"],
  code: string,
  about: { message: string } & Partial<Pick<ImportError, "parameter" | "statusCode">>,
): ImportError {
  return { type, code, parameter: null, statusCode: null, ...about };
}
