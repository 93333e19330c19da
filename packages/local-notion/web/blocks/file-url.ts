type FileSource =
  | { type: "external"; external: { url: string } }
  | { type: "file"; file: { url: string } };

export function fileUrl(source: FileSource): string {
  return source.type === "external" ? source.external.url : source.file.url;
}
