import { type ActionContext, AppError, ProviderError } from "@tenon/connector";
import * as z from "zod";
import { doAgain } from "../do-again.ts";
import { sendFile } from "../files/upload.ts";

export const NotCopied = z.object({
  id: z.string().optional().meta({ description: "Of the original, where it has one." }),
  type: z.string().meta({ description: "The kind of block or property." }),
  name: z.string().optional(),
  reason: z.string(),
});
export type NotCopied = z.output<typeof NotCopied>;

type Work = Pick<ActionContext<unknown>, "client" | "once" | "download">;

/** One copy in the making. */
export interface Copying {
  client: Work["client"];
  /** Grows as things turn out not to be copyable. */
  notCopied: NotCopied[];
  /**
   * Uploads a hosted file anew: links to it end within an hour. Answers what a request takes in
   * its place; undefined where it cannot be copied, which is then noted.
   */
  copyFile(file: HostedFile, of: Omit<NotCopied, "reason">): Promise<FileRequest | undefined>;
}

export interface HostedFile {
  url: string;
  name?: string | undefined;
}

export interface FileRequest extends Record<string, unknown> {
  type: "file_upload";
  file_upload: { id: string };
}

export function createCopying({ client, once, download }: Work): Copying {
  const notCopied: NotCopied[] = [];
  let files = 0;

  async function upload({ url, name }: HostedFile): Promise<{ id: string } | { failed: string }> {
    try {
      const file = await download(url);
      // The whole upload is one part: what was sent in vain, Notion drops by itself.
      const direct: Work["once"] = (_, part) => part();
      const named = { ...file, name: name || file.name };
      const { id } = await sendFile({ client, once: direct }, named);
      return { id };
    } catch (error) {
      const isRefusal =
        error instanceof AppError ||
        (error instanceof ProviderError && error.status >= 400 && error.status < 409);
      if (!isRefusal) throw error;
      return { failed: error.message };
    }
  }

  return {
    client,
    notCopied,
    async copyFile(file, of) {
      files += 1;
      const copied = await once(`copy file ${files}`, () => upload(file), doAgain);
      if ("id" in copied) return { type: "file_upload", file_upload: { id: copied.id } };
      notCopied.push({ ...of, reason: `The file could not be copied: ${copied.failed}` });
      return undefined;
    },
  };
}
