import { type ActionContext, AppError, type FileContent, pick } from "@tenon/connector";
import * as z from "zod";
import { type Attachment, attachUpload, readIfAttached } from "../files/attach.ts";
import { FileValue, readFileValue } from "../files/file-value.ts";
import { FileUpload, sendFile } from "../files/upload.ts";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

const Input = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ title: "Address of the file" }),
  file: FileValue.optional().meta({
    title: "File",
    description: "A file of an earlier step, in the place of an address.",
    ui: { widget: "file" },
  }),
  name: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({ title: "Name", description: "In the place of the file's own, with its extension." }),
  attachAs: z.enum(["nothing", "block", "property", "icon", "cover"]).default("nothing").meta({
    title: "Attach as",
    description: "Notion forgets a file that is attached to nothing within an hour.",
  }),
  page: pick(pages, "Page", "What it is attached to.").optional(),
  property: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({ title: "Property", description: "The files property it is added to." }),
  replace: z
    .boolean()
    .default(false)
    .meta({ title: "Replace the files there", description: "Of the property." }),
  caption: z.string().optional().meta({ title: "Caption", description: "Of the block." }),
});
type Input = z.output<typeof Input>;

export const uploadFile = notionAction({
  id: "upload-file",
  intent: "NOTION_UPLOAD_FILE",
  title: "Upload File",
  summary: "Uploads a file to Notion and, if asked, attaches it to a page.",
  effect: "write",
  input: Input,
  output: resultOf(FileUpload),

  async run(context) {
    const { client, once, input } = context;
    const attachment = toAttachment(input);
    const content = await readContent(context);
    const file = { ...content, ...(input.name !== undefined && { name: input.name }) };
    const upload = await sendFile(context, file);
    if (!attachment) return { result: upload };
    const attached = await once(
      "attach",
      () => attachUpload(client, upload, attachment),
      () => readIfAttached(client, upload.id),
    );
    return { result: attached };
  },
});

function readContent({
  input: { url, file },
  download,
}: Pick<ActionContext<Input>, "input" | "download">): Promise<FileContent> | FileContent {
  if (url !== undefined && file === undefined) return download(url);
  if (file !== undefined && url === undefined) return readFileValue(file);
  const next = file === undefined ? "one of them." : "not both.";
  throw new AppError("invalid_input", 400, `Name the address of a file or give a file, ${next}`);
}

function toAttachment({
  attachAs,
  page,
  property,
  replace,
  caption,
}: Input): Attachment | undefined {
  if (attachAs === "nothing") return undefined;
  if (page === undefined) {
    throw new AppError("invalid_input", 400, "Choose the page that the file is attached to.");
  }
  const pageId = requireId(page, "page");
  if (attachAs === "block") return { to: attachAs, pageId, caption };
  if (attachAs !== "property") return { to: attachAs, pageId };
  if (property === undefined) {
    throw new AppError("invalid_input", 400, "Name the files property that the file is added to.");
  }
  return { to: attachAs, pageId, property, replace };
}
