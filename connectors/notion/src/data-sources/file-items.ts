import * as z from "zod";
import { parseId } from "../ids.ts";
import { toList } from "./option-value.ts";
import { propertyFault } from "./property-fault.ts";
import type { PropertySchema } from "./property-schema.ts";

const mostFiles = 100;
const longestName = 900;
const name = z.string().nullish();

/** Each form a file may be written in, and what Notion takes for it. */
const FileItem = z.union([
  z
    .object({ name, file_upload: z.object({ id: z.string() }) })
    .transform((file) => upload(file.file_upload.id, file.name)),
  z
    .object({ name, external: z.object({ url: z.string() }) })
    .transform((file) => external(file.external.url, file.name)),
  z
    .object({ name, file: z.object({ url: z.string() }) })
    .transform((file) => hosted(file.file.url, file.name)),
  z
    .object({ object: z.literal("file_upload"), id: z.string(), filename: name })
    .transform((file) => upload(file.id, file.filename)),
  // A file that Notion hosts, as our plain values show it: its address ends, so it is marked.
  z
    .object({ name, url: z.string(), expiresAt: z.string() })
    .transform((file) => hosted(file.url, file.name)),
  z.object({ name, url: z.string() }).transform((file) => external(file.url, file.name)),
]);

/** The files of a files property: addresses, uploads, or Notion's own form of either. */
export function toFileItems(schema: PropertySchema, value: unknown): unknown[] {
  const items = toList(value);
  if (items.length <= mostFiles) return items.map((item) => toFileItem(schema, item));
  throw propertyFault(schema, value, `it takes at most ${mostFiles} files.`);
}

function toFileItem(schema: PropertySchema, value: unknown): unknown {
  if (typeof value === "string") {
    const id = URL.canParse(value) ? undefined : parseId(value);
    if (id !== undefined) return upload(id, undefined);
  }
  const { data } = FileItem.safeParse(typeof value === "string" ? { url: value } : value);
  const url = data?.external?.url ?? data?.file?.url;
  if (data && (url === undefined || URL.canParse(url))) return data;
  throw propertyFault(
    schema,
    value,
    "write the address of a file, or the id that the Upload File step gave.",
  );
}

interface WrittenFile {
  name?: string;
  type: "file_upload" | "external" | "file";
  file_upload?: { id: string };
  external?: { url: string };
  file?: { url: string };
}

function upload(id: string, given: string | null | undefined): WrittenFile {
  return { ...(given ? { name: cut(given) } : {}), type: "file_upload", file_upload: { id } };
}

function external(url: string, given: string | null | undefined): WrittenFile {
  return { name: cut(given || nameOf(url)), type: "external", external: { url } };
}

function hosted(url: string, given: string | null | undefined): WrittenFile {
  return { name: cut(given || nameOf(url)), type: "file", file: { url } };
}

/** The last part of an address's path, else its host: Notion asks for a name. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, host } = new URL(url);
  return pathname.split("/").findLast((part) => part !== "") ?? host;
}

function cut(text: string): string {
  return text.slice(0, longestName);
}
