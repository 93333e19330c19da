import { AppError, type FileContent } from "@tenon/connector";
import * as z from "zod";

/** A file as steps hand it to each other. */
export const FileValue = z.object({
  dataType: z.literal("FILE"),
  name: z.string().min(1),
  mimeType: z.string().min(1),
  size: z.number().int().nonnegative(),
  encoding: z.literal("base64"),
  data: z.string(),
});
export type FileValue = z.output<typeof FileValue>;

/** The bytes of a file value. One whose text is broken or of another size is refused. */
export function readFileValue({ name, mimeType, size, data }: FileValue): FileContent {
  const bytes = decode(data);
  if (bytes?.length === size) return { name, mimeType, bytes };
  const why = bytes ? `holds ${bytes.length} bytes, not ${size}` : "is not base64";
  throw new AppError("invalid_input", 400, `The file "${name}" is broken: its data ${why}.`);
}

function decode(data: string): Uint8Array<ArrayBuffer> | undefined {
  let text: string;
  try {
    text = atob(data);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
