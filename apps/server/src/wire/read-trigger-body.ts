import type { File } from "@tenon/workflow";
import { httpError } from "../http/errors.ts";

/** What a call of a workflow carries, as the trigger puts it out. */
export interface TriggerBody {
  /** JSON; a text; a form as an object, in which a name given twice is a list. */
  body: unknown;
  /** The first file of a form, or the body itself where it is one. */
  file?: File;
}

interface Received {
  bytes: Buffer;
  contentType: string | undefined;
  /** JSON as the rest of the API reads it: what tampers with prototypes is refused. */
  parseJson(text: string): unknown;
  contentDisposition: string | undefined;
}

/** Reads the body of a request of any content type. Throws `invalid_request`. */
export async function readTriggerBody(received: Received): Promise<TriggerBody> {
  const { bytes, contentType = "" } = received;
  if (bytes.length === 0) return { body: undefined };
  const [type = ""] = contentType.toLowerCase().split(";");
  switch (kindOf(type.trim())) {
    case "json":
      return { body: received.parseJson(bytes.toString("utf8")) };
    case "urlencoded":
      return { body: collect(new URLSearchParams(bytes.toString("utf8"))) };
    case "form":
      return readForm(bytes, contentType);
    case "text":
      return { body: bytes.toString("utf8") };
    case "file": {
      const name = fileNameOf(received.contentDisposition) ?? "upload";
      return { body: undefined, file: toFile(bytes, { name, type: type.trim() }) };
    }
  }
}

function kindOf(type: string): "json" | "urlencoded" | "form" | "text" | "file" {
  // The SDK says "auto" where it leaves the type to us; without a type it is JSON, as in Paragon's.
  if (type === "" || type === "auto") return "json";
  if (type === "application/json" || type.endsWith("+json")) return "json";
  if (type === "application/x-www-form-urlencoded") return "urlencoded";
  if (type === "multipart/form-data") return "form";
  if (type.startsWith("text/") || type === "application/xml" || type.endsWith("+xml")) {
    return "text";
  }
  return "file";
}

async function readForm(bytes: Buffer, contentType: string): Promise<TriggerBody> {
  const entries = await parseForm(bytes, contentType);
  let first: File | undefined;
  const fields: [string, unknown][] = [];
  for (const [name, value] of entries) {
    if (typeof value === "string") {
      fields.push([name, value]);
      continue;
    }
    const content = Buffer.from(await value.arrayBuffer());
    const file = toFile(content, { name: value.name, type: value.type });
    // Further files are found under their field's name; the first one is not carried twice.
    if (first) fields.push([name, file]);
    else first = file;
  }
  return { body: collect(fields), ...(first && { file: first }) };
}

async function parseForm(bytes: Buffer, contentType: string) {
  const headers = { "content-type": contentType };
  try {
    return [...(await new Response(new Uint8Array(bytes), { headers }).formData())];
  } catch (cause) {
    throw httpError("invalid_request", "The body is not the multipart form that its type says.", {
      cause,
    });
  }
}

/** Fields by name; one that is given several times is a list. */
function collect(fields: Iterable<[string, unknown]>): Record<string, unknown> {
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of fields) {
    const list = lists.get(name);
    if (list) list.push(value);
    else lists.set(name, [value]);
  }
  return Object.fromEntries(
    [...lists].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

function toFile(content: Buffer, { name, type }: { name: string; type: string }): File {
  return {
    dataType: "FILE",
    name,
    mimeType: type || "application/octet-stream",
    size: content.length,
    encoding: "base64",
    data: content.toString("base64"),
  };
}

function fileNameOf(contentDisposition: string | undefined): string | undefined {
  return /filename="?([^";]+)"?/i.exec(contentDisposition ?? "")?.[1]?.trim();
}
