import { type ActionClient, AppError } from "@tenon/connector";
import * as z from "zod";
import { PropertyValues } from "../data-sources/plain-values.ts";
import { requireProperty } from "../data-sources/property-schema.ts";
import { toRichText } from "../rich-text.ts";
import { type FileUpload, readUpload } from "./upload.ts";

/** Where an upload is attached. */
export type Attachment =
  | { to: "block"; pageId: string; caption?: string | undefined }
  | { to: "property"; pageId: string; property: string; replace: boolean }
  | { to: "icon" | "cover"; pageId: string };

/**
 * Attaches an upload to a page. Whether it is attached can be seen from the upload itself: it no
 * longer ends. So a repeat after a crash is never a second copy.
 */
export async function attachUpload(
  client: ActionClient,
  upload: FileUpload,
  attachment: Attachment,
): Promise<FileUpload> {
  switch (attachment.to) {
    case "block":
      await appendBlock(client, upload, attachment);
      break;
    case "property":
      await addToProperty(client, upload, attachment);
      break;
    case "icon":
    case "cover":
      await client.request("PATCH", `/v1/pages/${attachment.pageId}`, {
        body: { [attachment.to]: asFile(upload) },
      });
      break;
  }
  return readUpload(client, upload.id);
}

/** The upload if something is attached to it, else undefined. */
export async function readIfAttached(
  client: ActionClient,
  id: string,
): Promise<FileUpload | undefined> {
  const upload = await readUpload(client, id);
  return upload.expiry_time === null ? upload : undefined;
}

function asFile({ id }: FileUpload): object {
  return { type: "file_upload", file_upload: { id } };
}

function appendBlock(
  client: ActionClient,
  upload: FileUpload,
  { pageId, caption }: Extract<Attachment, { to: "block" }>,
): Promise<unknown> {
  const type = blockTypeOf(upload.content_type ?? "");
  const content = { ...asFile(upload), caption: caption ? toRichText(caption) : [] };
  return client.request("PATCH", `/v1/blocks/${pageId}/children`, {
    body: { children: [{ type, [type]: content }] },
  });
}

/** The block that shows a file of a media type. */
function blockTypeOf(mediaType: string): "image" | "video" | "audio" | "pdf" | "file" {
  if (mediaType === "application/pdf") return "pdf";
  const [kind] = mediaType.split("/");
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}

const PageProperties = z.looseObject({ properties: PropertyValues });
const Files = z.array(z.looseObject({ name: z.string() }));

async function addToProperty(
  client: ActionClient,
  upload: FileUpload,
  { pageId, property, replace }: Extract<Attachment, { to: "property" }>,
): Promise<void> {
  const { properties } = await client.request("GET", `/v1/pages/${pageId}`, {
    returns: PageProperties,
  });
  const schemas = Object.entries(properties).map(
    ([name, { id, type }]) => [name, { id, name, type }] as const,
  );
  const { name, type } = requireProperty(Object.fromEntries(schemas), property);
  if (type !== "files") {
    throw new AppError("invalid_input", 400, `Property "${name}" (${type}) takes no files.`);
  }
  const before = replace ? [] : Files.parse(properties[name]?.["files"]);
  const files = [
    ...before,
    { ...asFile(upload), ...(upload.filename && { name: upload.filename }) },
  ];
  await client.request("PATCH", `/v1/pages/${pageId}`, {
    body: { properties: { [name]: { files } } },
  });
}
