const mostBytes = 900;
const longestExtension = 20;

/** A file's name within Notion's limit of 900 bytes; the extension stays, since Notion reads it. */
export function fitFileName(name: string): string {
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && name.length - dot <= longestExtension;
  const extension = hasExtension ? name.slice(dot) : "";
  const stem = hasExtension ? name.slice(0, dot) : name;
  return cutBytes(stem, mostBytes - toBytes(extension).length) + extension;
}

function cutBytes(text: string, most: number): string {
  const bytes = toBytes(text);
  if (bytes.length <= most) return text;
  // A character that was cut in two is decoded to a replacement, which goes.
  return new TextDecoder().decode(bytes.subarray(0, most)).replace(/\uFFFD$/, "");
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
