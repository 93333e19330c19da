import { toMinute } from "../clock.ts";
import { presentFile, presentRichText } from "../rich-text/present-rich-text.ts";
import type { Comment } from "../store/records.ts";
import { partialUser } from "./present-user.ts";
import type { View } from "./view.ts";

export function presentComment(comment: Comment, view: View): object {
  const isOnPage = view.store.get("nodes", comment.parentId)?.kind === "page";
  return {
    object: "comment",
    id: comment.id,
    parent: isOnPage
      ? { type: "page_id", page_id: comment.parentId }
      : { type: "block_id", block_id: comment.parentId },
    discussion_id: comment.discussionId,
    created_time: toMinute(comment.createdTime),
    last_edited_time: toMinute(comment.editedTime),
    created_by: partialUser(comment.createdBy),
    rich_text: presentRichText(comment.richText, view),
    display_name: { type: comment.displayName.type, resolved_name: resolvedName(comment, view) },
    ...(comment.attachments.length > 0
      ? { attachments: comment.attachments.map((id) => presentAttachment(id, view)) }
      : {}),
  };
}

function resolvedName({ displayName, createdBy }: Comment, view: View): string | null {
  if (displayName.type === "custom") return displayName.name;
  const person = view.store.get("people", createdBy);
  if (person) return person.name;
  const bot = view.store.get("connections", createdBy);
  if (displayName.type === "user" && bot?.personId) {
    return view.store.get("people", bot.personId)?.name ?? null;
  }
  return view.store.get("apps", bot?.appId ?? "")?.name ?? null;
}

function presentAttachment(uploadId: string, view: View): object {
  const type = view.store.get("uploads", uploadId)?.contentType ?? "";
  const source = presentFile({ type: "file_upload", file_upload: { id: uploadId } }, view);
  const [kind] = type.split("/");
  const category = kind === "image" || kind === "audio" || kind === "video" ? kind : undefined;
  const other = type === "application/pdf" ? "pdf" : "productivity";
  return { category: category ?? other, file: (source as { file: object }).file };
}
