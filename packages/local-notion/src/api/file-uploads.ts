import { newNodeId, toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { Upload } from "../store/records.ts";
import { isRecord, object } from "../validate/composites.ts";
import { parseBody, parseQuery } from "../validate/parse.ts";
import { number, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { notFound, pathId } from "./find-node.ts";
import { paginate, presentList, queryPaging } from "./pagination.ts";
import { presentUpload, statusOf } from "./present-upload.ts";

const path = "/v1/file_uploads/:file_upload_id";

export const fileUploadRoutes: Route[] = [
  { method: "POST", path: "/v1/file_uploads", answer: createUpload },
  { method: "GET", path: "/v1/file_uploads", answer: listUploads },
  { method: "GET", path, answer: (call) => presentUpload(findUpload(call), call.view) },
  { method: "POST", path: `${path}/send`, takesForm: true, answer: sendUpload },
  { method: "POST", path: `${path}/complete`, answer: completeUpload },
];

const attachWithinMs = 3_600_000;
const mebibyte = 1_024 * 1_024;
const mostSinglePart = 20 * mebibyte;

const fileName = string({
  min: 1,
  format: { expects: "at most 900 bytes", accepts: (text) => Buffer.byteLength(text) <= 900 },
});
const createRequest = object({
  mode: optional(oneOf(["single_part", "multi_part", "external_url"])),
  filename: optional(fileName),
  content_type: optional(string({ min: 1 })),
  number_of_parts: optional(number({ min: 1, max: 1_000, integer: true })),
  external_url: optional(string({ max: 2_000 })),
});
type CreateRequest = Infer<typeof createRequest>;

function createUpload(call: Call): object {
  const { view } = call;
  const request = parseBody(createRequest, call.body ?? {});
  const mode = request.mode ?? "single_part";
  assertComplete(mode, request);
  const now = view.clock.now();
  const workspace = view.store.get("workspaces", view.connection.workspaceId);
  const upload: Upload = {
    id: newNodeId(workspace?.idPrefix ?? ""),
    workspaceId: view.connection.workspaceId,
    createdBy: view.connection.id,
    createdTime: now,
    editedTime: now,
    mode,
    status: "pending",
    filename: request.filename ?? null,
    contentType: request.content_type ?? typeByName(request.filename ?? ""),
    contentLength: null,
    parts: mode === "multi_part" ? { total: request.number_of_parts ?? 1, sent: [] } : null,
    expiryTime: now + attachWithinMs,
    ...(request.mode === "external_url" ? { externalUrl: request.external_url ?? "" } : {}),
  };
  view.store.put("uploads", upload);
  return presentUpload(upload, view);
}

function assertComplete(mode: Upload["mode"], request: CreateRequest): void {
  const needed: Record<Upload["mode"], (keyof CreateRequest)[]> = {
    single_part: [],
    multi_part: ["number_of_parts", "filename"],
    external_url: ["external_url", "filename"],
  };
  for (const key of needed[mode]) {
    if (request[key] !== undefined) continue;
    throw NotionError.validation(
      `body failed validation: body.${key} should be defined, instead was \`undefined\`.`,
    );
  }
}

const types: Readonly<Record<string, string>> = {
  txt: "text/plain",
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  csv: "text/csv",
  json: "application/json",
  zip: "application/zip",
};

function typeByName(name: string): string | null {
  return types[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? null;
}

function findUpload(call: Call): Upload {
  const id = pathId(call, "file_upload_id");
  const upload = call.view.store.get("uploads", toDashed(id));
  if (upload?.createdBy === call.view.connection.id) return upload;
  throw notFound("file upload", id, call.view);
}

const listQuery = object({ status: optional(oneOf(["pending", "uploaded", "expired", "failed"])) });

function listUploads(call: Call): object {
  const { view } = call;
  const status = call.query["status"];
  parseQuery(listQuery, status === undefined ? {} : { status });
  const uploads = [...view.store.all("uploads")]
    .filter((upload) => upload.createdBy === view.connection.id)
    .filter((upload) => status === undefined || statusOf(upload, view) === status)
    .toReversed();
  const { items, next } = paginate(uploads, queryPaging(call));
  return presentList(
    items.map((upload) => presentUpload(upload, view)),
    next?.id,
    "file_upload",
  );
}

/** What the form parser makes of a file in a request. */
export interface SentFile {
  name: string;
  type: string;
  bytes: Buffer;
}

function sendUpload(call: Call): object {
  const { view, instance } = call;
  const upload = findUpload(call);
  if (statusOf(upload, view) !== "pending") {
    throw NotionError.validation(`File upload ${upload.id} is not pending.`);
  }
  if (upload.mode === "external_url") {
    throw NotionError.validation(`File upload ${upload.id} is fetched from its external_url.`);
  }
  const form = isRecord(call.body) ? call.body : {};
  const file = form["file"] as SentFile | string | undefined;
  if (!file || typeof file === "string") {
    throw NotionError.validation(
      "body failed validation: body.file should be defined, instead was `undefined`.",
    );
  }
  if (file.bytes.length > mostSinglePart) {
    throw NotionError.validation("The file is larger than 20 MiB; send it in parts.");
  }
  const next = upload.parts
    ? sendPart(call, upload, { file, part: Number(form["part_number"]) })
    : sendWhole(upload, file);
  if (!upload.parts) instance.files.write(upload.id, file.bytes);
  view.store.put("uploads", { ...next, editedTime: view.clock.now() });
  return presentUpload({ ...next, editedTime: view.clock.now() }, view);
}

function sendWhole(upload: Upload, file: SentFile): Upload {
  return {
    ...upload,
    status: "uploaded",
    filename: upload.filename ?? file.name,
    contentType: upload.contentType ?? file.type,
    contentLength: file.bytes.length,
  };
}

function sendPart(
  call: Call,
  upload: Upload,
  { file, part }: { file: SentFile; part: number },
): Upload {
  const total = upload.parts?.total ?? 0;
  if (!Number.isInteger(part) || part < 1 || part > total) {
    throw NotionError.validation(
      `body failed validation: body.part_number should be a number from 1 to ${total}.`,
    );
  }
  call.instance.files.write(`${upload.id}.${part}`, file.bytes);
  const sent = new Set([...(upload.parts?.sent ?? []), part]);
  return { ...upload, parts: { total, sent: [...sent] } };
}

function completeUpload(call: Call): object {
  const { view, instance } = call;
  const upload = findUpload(call);
  const { parts } = upload;
  if (!parts || statusOf(upload, view) !== "pending") {
    throw NotionError.validation(`File upload ${upload.id} has no parts to complete.`);
  }
  if (parts.sent.length < parts.total) {
    const missing = `${parts.sent.length} of ${parts.total} parts were sent`;
    throw NotionError.validation(`File upload ${upload.id} is not complete: ${missing}.`);
  }
  const names = Array.from({ length: parts.total }, (_, index) => `${upload.id}.${index + 1}`);
  const bytes = Buffer.concat(names.map((name) => instance.files.read(name) ?? Buffer.alloc(0)));
  instance.files.write(upload.id, bytes);
  for (const name of names) instance.files.remove(name);
  const done: Upload = {
    ...upload,
    status: "uploaded",
    contentLength: bytes.length,
    editedTime: view.clock.now(),
  };
  view.store.put("uploads", done);
  return presentUpload(done, view);
}
