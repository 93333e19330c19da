import {
  type ActionClient,
  type ActionContext,
  AppError,
  type FileContent,
} from "@tenon/connector";
import * as z from "zod";
import { doAgain } from "../do-again.ts";
import { readBot } from "../people/users.ts";
import { fitFileName } from "./file-name.ts";

/** A file upload as Notion shows it. The files property takes it as it is. */
export const FileUpload = z.looseObject({
  object: z.literal("file_upload"),
  id: z.string(),
  status: z.string(),
  filename: z.string().nullish(),
  content_type: z.string().nullish(),
  content_length: z.number().nullish(),
  /** Null once the file is attached: until then Notion forgets it after an hour. */
  expiry_time: z.string().nullish(),
});
export type FileUpload = z.output<typeof FileUpload>;

const mebibyte = 1_024 * 1_024;
/** The largest file that Notion takes in one request. */
const mostSinglePart = 20 * mebibyte;
/** Notion takes parts of 5 to 20 MiB, the last one smaller. */
const partSize = 10 * mebibyte;

/**
 * Sends a file to Notion's store.
 *
 * - Each request is one part of the action: after a crash only what was not finished is sent.
 * - An upload that was made and lost is harmless: Notion drops what nothing is attached to.
 * - A part sent again replaces itself.
 */
export async function sendFile(
  { client, once }: Pick<ActionContext<unknown>, "client" | "once">,
  file: FileContent,
): Promise<FileUpload> {
  const size = file.bytes.length;
  await assertAllowed(client, file);
  const isSingle = size <= mostSinglePart;
  const parts = Math.ceil(size / partSize);
  const { id } = await once(
    "create upload",
    () => createUpload(client, file, isSingle ? undefined : parts),
    doAgain,
  );
  const isSent = () => readIfUploaded(client, id);
  if (isSingle) return once("send", () => sendPart(client, id, { file }), isSent);
  for (let part = 1; part <= parts; part += 1) {
    const bytes = file.bytes.subarray((part - 1) * partSize, part * partSize);
    const request = { file: { ...file, bytes }, part };
    await once(`send part ${part}`, () => sendPart(client, id, request), doAgain);
  }
  const complete = () =>
    client.request("POST", `/v1/file_uploads/${id}/complete`, { body: {}, returns: FileUpload });
  return once("complete upload", complete, isSent);
}

/** The upload as it is now. */
export function readUpload(client: ActionClient, id: string): Promise<FileUpload> {
  return client.request("GET", `/v1/file_uploads/${id}`, { returns: FileUpload });
}

async function readIfUploaded(client: ActionClient, id: string): Promise<FileUpload | undefined> {
  const upload = await readUpload(client, id);
  return upload.status === "uploaded" ? upload : undefined;
}

function createUpload(
  client: ActionClient,
  file: FileContent,
  parts: number | undefined,
): Promise<FileUpload> {
  const mode = parts === undefined ? { mode: "single_part" } : { mode: "multi_part" };
  return client.request("POST", "/v1/file_uploads", {
    body: {
      ...mode,
      filename: fitFileName(file.name),
      content_type: mediaType(file),
      ...(parts !== undefined && { number_of_parts: parts }),
    },
    returns: FileUpload,
  });
}

function sendPart(
  client: ActionClient,
  id: string,
  { file, part }: { file: FileContent; part?: number },
): Promise<FileUpload> {
  const form = new FormData();
  if (part !== undefined) form.append("part_number", String(part));
  form.append("file", new Blob([file.bytes], { type: mediaType(file) }), fitFileName(file.name));
  return client.request("POST", `/v1/file_uploads/${id}/send`, { form, returns: FileUpload });
}

/** Notion compares types without parameters such as a character set. */
function mediaType({ mimeType }: FileContent): string {
  return mimeType.split(";")[0]?.trim() || "application/octet-stream";
}

async function assertAllowed(client: ActionClient, { name, bytes }: FileContent): Promise<void> {
  const { bot } = await readBot(client);
  const most = bot?.workspace_limits?.max_file_upload_size_in_bytes;
  if (!most || bytes.length <= most) return;
  throw new AppError(
    "invalid_input",
    400,
    `The file "${name}" has ${toMebibytes(bytes.length)} MiB; the Notion workspace takes files of at most ${toMebibytes(most)} MiB. Send a smaller file, or use a workspace on a paid plan.`,
    { details: { size: bytes.length, limit: most } },
  );
}

function toMebibytes(bytes: number): string {
  return String(Math.round((bytes / mebibyte) * 100) / 100);
}
