import type { Reply } from "../http/reply.ts";
import type { Instance } from "../instance.ts";

/** Types a browser may show in place; anything else is downloaded. */
const shown = /^(image\/(png|jpeg|gif|webp|avif)|video\/|audio\/|text\/plain|application\/pdf)/;

/** A hosted file behind a signed link, as Notion's storage serves it. */
export function serveHostedFile(instance: Instance, path: string, params: URLSearchParams): Reply {
  const id = path.split("/").at(-1) ?? "";
  const upload = instance.store.get("uploads", id);
  const bytes = instance.files.read(id);
  if (!upload || !bytes) return plainReply(404, "There is no such file.\n");
  if (!instance.fileLinks.isGood(id, params)) return plainReply(403, "Request has expired.\n");
  const type = upload.contentType ?? "application/octet-stream";
  const name = encodeURIComponent(upload.filename ?? "file");
  const disposition = shown.test(type) ? "inline" : "attachment";
  return {
    status: 200,
    headers: {
      "content-type": type,
      "content-disposition": `${disposition}; filename*=UTF-8''${name}`,
      // A file is somebody's content, not a page of this server.
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      "cache-control": "private, max-age=3600",
    },
    body: bytes,
  };
}

function plainReply(status: number, body: string): Reply {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
