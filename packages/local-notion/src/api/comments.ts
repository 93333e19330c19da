import { newNodeId, toDashed } from "../ids.ts";
import { fromMarkdownLine } from "../markdown/inline.ts";
import { richText } from "../rich-text/rich-text-schema.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import { toRichText } from "../rich-text/store-rich-text.ts";
import type { Comment } from "../store/records.ts";
import { array, looseObject, object, union } from "../validate/composites.ts";
import { parseBody, parseQuery } from "../validate/parse.ts";
import { id, literal, optional, string } from "../validate/scalars.ts";
import type { Call, Route } from "./call.ts";
import { findBlock, notFound, pathId } from "./find-node.ts";
import { paginate, presentList, queryPaging } from "./pagination.ts";
import { presentComment } from "./present-comment.ts";
import type { View } from "./view.ts";

const path = "/v1/comments/:comment_id";

export const commentRoutes: Route[] = [
  {
    method: "POST",
    path: "/v1/comments",
    capability: "insertComments",
    answer: createComment,
  },
  { method: "GET", path: "/v1/comments", capability: "readComments", answer: listComments },
  {
    method: "GET",
    path,
    capability: "readComments",
    answer: (call) => presentComment(findComment(call), call.view),
  },
  { method: "PATCH", path, capability: "insertComments", answer: updateComment },
  { method: "DELETE", path, capability: "insertComments", answer: deleteComment },
];

const parent = union(
  looseObject({ type: optional(literal("page_id")), page_id: id() }),
  looseObject({ type: optional(literal("block_id")), block_id: id() }),
);
const displayName = union(
  looseObject({ type: literal("integration") }),
  looseObject({ type: literal("user") }),
  looseObject({ type: literal("custom"), custom: looseObject({ name: string({ min: 1 }) }) }),
);
const extras = {
  attachments: optional(
    array(looseObject({ file_upload_id: id(), type: optional(literal("file_upload")) }), {
      max: 3,
    }),
  ),
  display_name: optional(displayName),
};
const createRequest = union(
  object({ parent, rich_text: richText, ...extras }),
  object({ parent, markdown: string(), ...extras }),
  object({ discussion_id: id(), rich_text: richText, ...extras }),
  object({ discussion_id: id(), markdown: string(), ...extras }),
);

function createComment(call: Call): object {
  const { view } = call;
  const request = parseBody(createRequest, call.body);
  const { parentId, discussionId } =
    "parent" in request
      ? spotOf(view, "page_id" in request.parent ? request.parent.page_id : request.parent.block_id)
      : discussionOf(view, request.discussion_id);
  const now = view.clock.now();
  const comment: Comment = {
    id: newId(view),
    parentId,
    discussionId,
    workspaceId: view.connection.workspaceId,
    richText: textOf(request),
    createdTime: now,
    editedTime: now,
    createdBy: view.connection.id,
    displayName: toDisplayName(view, request.display_name),
    attachments: (request.attachments ?? []).map((one) => toDashed(one.file_upload_id)),
  };
  view.store.put("comments", comment);
  return presentComment(comment, view);
}

function newId(view: View): string {
  return newNodeId(view.store.get("workspaces", view.connection.workspaceId)?.idPrefix ?? "");
}

function textOf(
  request: { rich_text: Parameters<typeof toRichText>[0] } | { markdown: string },
): RichText[] {
  return "rich_text" in request
    ? toRichText(request.rich_text)
    : fromMarkdownLine(request.markdown);
}

/** A page has one discussion of its own; each comment on a block starts another. */
function spotOf(view: View, rawId: string): { parentId: string; discussionId: string } {
  const node = findBlock(view, rawId);
  const known = node.kind === "page" ? commentsOn(view, node.id).at(0)?.discussionId : undefined;
  return { parentId: node.id, discussionId: known ?? newId(view) };
}

function discussionOf(view: View, rawId: string): { parentId: string; discussionId: string } {
  const wanted = toDashed(rawId);
  const comment = [...view.store.all("comments")].find((one) => one.discussionId === wanted);
  const node = view.store.get("nodes", comment?.parentId ?? "");
  if (comment && node && view.canSee(node)) return comment;
  throw notFound("discussion", rawId, view);
}

function toDisplayName(
  view: View,
  request: { type: string; custom?: { name: string } } | undefined,
): Comment["displayName"] {
  if (request?.custom) return { type: "custom", name: request.custom.name };
  if (request?.type === "user") return { type: "user" };
  const isPerson = view.store.get("people", view.connection.id) !== undefined;
  return { type: isPerson ? "user" : "integration" };
}

function commentsOn(view: View, parentId: string): Comment[] {
  return [...view.store.all("comments")].filter((comment) => comment.parentId === parentId);
}

const listQuery = object({ block_id: id() });

function listComments(call: Call): object {
  const { view } = call;
  const asked = call.query["block_id"];
  const { block_id: rawId } = parseQuery(listQuery, asked === undefined ? {} : { block_id: asked });
  const comments = commentsOn(view, findBlock(view, rawId).id);
  const { items, next } = paginate(comments, queryPaging(call));
  return presentList(
    items.map((comment) => presentComment(comment, view)),
    next?.id,
    "comment",
  );
}

function findComment(call: Call): Comment {
  const { view } = call;
  const wanted = pathId(call, "comment_id");
  const comment = view.store.get("comments", wanted);
  const node = view.store.get("nodes", comment?.parentId ?? "");
  if (comment && node && view.canSee(node)) return comment;
  throw notFound("comment", wanted, view);
}

const updateRequest = union(object({ rich_text: richText }), object({ markdown: string() }));

function updateComment(call: Call): object {
  const { view } = call;
  const comment = findComment(call);
  const text = textOf(parseBody(updateRequest, call.body));
  const updated = { ...comment, richText: text, editedTime: view.clock.now() };
  view.store.put("comments", updated);
  return presentComment(updated, view);
}

function deleteComment(call: Call): object {
  const comment = findComment(call);
  call.view.store.remove("comments", comment.id);
  return presentComment(comment, call.view);
}
