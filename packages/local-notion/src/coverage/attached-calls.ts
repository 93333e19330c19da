import type { ClientCall } from "./client-call.ts";
import { always, listOf, one } from "./expectations.ts";
import { text, textFile } from "./subjects.ts";

/** What hangs on pages: comments, files, emojis. */
export const attachedCalls: readonly ClientCall[] = [
  {
    method: "comments.create",
    endpoint: "POST comments",
    expected: always(one("comment")),
    call: async (client, { page }) =>
      client.comments.create({ parent: { page_id: await page() }, rich_text: text("Said") }),
  },
  {
    method: "comments.list",
    endpoint: "GET comments",
    expected: always(listOf("comment", "comment")),
    call: async (client, { comment }) => client.comments.list({ block_id: (await comment()).page }),
  },
  {
    method: "comments.retrieve",
    endpoint: "GET comments/{}",
    expected: always(one("comment")),
    call: async (client, { comment }) =>
      client.comments.retrieve({ comment_id: (await comment()).comment }),
  },
  {
    method: "comments.update",
    endpoint: "PATCH comments/{}",
    expected: always(one("comment")),
    call: async (client, { comment }) =>
      client.comments.update({ comment_id: (await comment()).comment, rich_text: text("Else") }),
  },
  {
    method: "comments.delete",
    endpoint: "DELETE comments/{}",
    expected: always(one("comment")),
    call: async (client, { comment }) =>
      client.comments.delete({ comment_id: (await comment()).comment }),
  },
  {
    method: "fileUploads.create",
    endpoint: "POST file_uploads",
    expected: always(one("file_upload")),
    call: (client) => client.fileUploads.create({ filename: "note.txt" }),
  },
  {
    method: "fileUploads.list",
    endpoint: "GET file_uploads",
    expected: always(listOf("file_upload", "file_upload")),
    call: async (client, { upload }) => {
      await upload();
      return client.fileUploads.list({});
    },
  },
  {
    method: "fileUploads.retrieve",
    endpoint: "GET file_uploads/{}",
    expected: always(one("file_upload")),
    call: async (client, { sentUpload }) =>
      client.fileUploads.retrieve({ file_upload_id: await sentUpload() }),
  },
  {
    method: "fileUploads.send",
    endpoint: "POST file_uploads/{}/send",
    expected: always(one("file_upload")),
    call: async (client, { upload }) =>
      client.fileUploads.send({ file_upload_id: await upload(), file: textFile }),
  },
  {
    method: "fileUploads.complete",
    endpoint: "POST file_uploads/{}/complete",
    expected: always(one("file_upload")),
    call: async (client, { largeUpload }) =>
      client.fileUploads.complete({ file_upload_id: await largeUpload() }),
  },
  {
    method: "customEmojis.list",
    endpoint: "GET custom_emojis",
    expected: always(listOf("custom_emoji")),
    call: (client) => client.customEmojis.list({}),
  },
];
