import type { IncomingMessage } from "node:http";
import { NotionError } from "../notion-error.ts";

/** The size of payloads Notion takes. */
export const mostBodyBytes = 500 * 1_024;

/** What is still read of a body that is too large, so that its sender gets to see the answer. */
const mostDrainedBytes = 64 * 1_024 * 1_024;

/** Reads a body up to a size; what exceeds it is read and dropped. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, Node gives buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= mostBytes) chunks.push(bytes);
    else if (size > mostDrainedBytes) break;
  }
  if (size > mostBytes) throw new BodyTooLarge();
  return Buffer.concat(chunks);
}

export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** A JSON body; undefined when there is none. */
export async function readJson(
  request: IncomingMessage,
  mostBytes = mostBodyBytes,
): Promise<unknown> {
  const bytes = await readBody(request, mostBytes);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new NotionError([400, "invalid_json"], "Error parsing JSON body.");
  }
}

const mostFormBytes = 21 * 1_024 * 1_024;

/** A form with files: texts as they are, files with their name, type and bytes. */
export async function readForm(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request, mostFormBytes);
  const type = request.headers["content-type"] ?? "";
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { "content-type": type },
    }).formData();
    const entries = [...form.entries()].map(async ([name, value]) => [name, await toPart(value)]);
    return Object.fromEntries(await Promise.all(entries));
  } catch {
    throw new NotionError([400, "validation_error"], "The body is not a form with a file.");
  }
}

async function toPart(value: string | File): Promise<unknown> {
  if (typeof value === "string") return value;
  const bytes = Buffer.from(await value.arrayBuffer());
  return { name: value.name, type: value.type, bytes };
}

/** A query string as an object; names given several times become lists. */
export function readQuery(params: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return query;
}
