import type { View } from "../api/view.ts";
import { presentFile, uploadName } from "../rich-text/present-rich-text.ts";
import type { FileSource } from "../rich-text/rich-text.ts";
import { toFileSource } from "../rich-text/store-rich-text.ts";
import { looseObject, object, union } from "../validate/composites.ts";
import { id, literal, optional, string } from "../validate/scalars.ts";
import type { BlockType } from "./block-types.ts";
import { caption, name as nameField } from "./fields.ts";

const external = looseObject({ url: string({ max: 2_000 }) });
const upload = looseObject({ id: id() });
const hosted = looseObject({ url: string() });

type Content = Record<string, unknown>;

/** A block around one file: a link to it, an upload, or a hosted file sent back as answered. */
export function media({ named }: { named: boolean }): BlockType {
  const rest = {
    caption: optional(caption.schema),
    ...(named ? { name: optional(nameField.schema) } : {}),
  };
  return {
    nesting: "none",
    isWritable: true,
    createSchema: () =>
      union(
        object({ type: optional(literal("external")), external, ...rest }),
        object({ type: optional(literal("file_upload")), file_upload: upload, ...rest }),
        object({ type: optional(literal("file")), file: hosted, ...rest }),
      ),
    updateSchema: object({
      type: optional(string()),
      external: optional(external),
      file_upload: optional(upload),
      file: optional(hosted),
      ...rest,
    }),
    toContent: (request, before) => toContent(request, before, named),
    present: (content, view) => presentMedia(content, view),
  };
}

function toContent(request: Content, before: Content | undefined, named: boolean): Content {
  const source = readSource(request) ?? before?.["source"];
  const given = request["caption"];
  const file = source as FileSource;
  const name = request["name"] ?? before?.["name"];
  return {
    caption: given === undefined ? (before?.["caption"] ?? []) : caption.store(given),
    source,
    ...(named ? { name: typeof name === "string" ? withEnding(name, file) : fileName(file) } : {}),
  };
}

function readSource(request: Content): FileSource | undefined {
  const hasSource = ["external", "file_upload", "file"].some((key) => request[key] !== undefined);
  // Checked by the schemas above: one of the three, with its own keys.
  return hasSource ? toFileSource(request as Parameters<typeof toFileSource>[0]) : undefined;
}

/** A name keeps the ending of its file. */
function withEnding(name: string, source: FileSource): string {
  const ending = /\.\w+$/.exec(fileName(source))?.[0] ?? "";
  return name.endsWith(ending) ? name : name + ending;
}

/** A file without a name is called what its URL ends with; uploads know their own. */
function fileName(source: FileSource): string {
  if (source.type === "file_upload") return "";
  const url = source.type === "external" ? source.external.url : source.file.url;
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return decodeText(path.split("/").at(-1) ?? "") || "file";
}

/** A URL may hold what is no encoding of anything. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function presentMedia(content: Content, view: View): object {
  // Stored by `toContent` above.
  const source = content["source"] as FileSource;
  const { name } = content;
  return {
    caption: caption.present(content["caption"], view),
    ...presentFile(source, view),
    ...(name === undefined ? {} : { name: name || uploadName(source, view) }),
  };
}
