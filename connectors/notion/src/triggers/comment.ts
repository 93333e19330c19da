import type { Observation, WatchedObject } from "@tenon/connector";
import * as z from "zod";
import { NotionComment, toComment } from "../people/comment.ts";
import { readAll } from "../read-all.ts";
import { minuteMs, minuteOf } from "./minute.ts";
import { unlessHidden } from "./unless-hidden.ts";

const time = z.iso.datetime({ offset: true });
const Times = z.object({ created_time: time, last_edited_time: time.optional() });
type Comment = z.output<typeof NotionComment>;

/**
 * Comments as they are made; edits of them are not followed.
 *
 * - Notion lists the open comments on one page, so that a list needs a page as its scope. Those on
 *   the page's blocks are not among them: of these only Notion's events tell.
 */
export const comment: WatchedObject = {
  kind: "comment",
  precisionMs: minuteMs,
  created: "created",
  edits: [],
  deep: [],

  async observe({ client, id }) {
    const returns = NotionComment;
    const found = await unlessHidden(client.request("GET", `/v1/comments/${id}`, { returns }));
    return found && toObservation(found);
  },

  async *list({ client, since, scope }) {
    if (scope === undefined) return;
    const { items } = await readAll(client, {
      path: "/v1/comments",
      query: { block_id: scope },
      item: NotionComment,
    });
    const from = minuteOf(since);
    const seen = items.map(toObservation).filter(({ changedAt }) => changedAt.getTime() >= from);
    // Notion lists the oldest first.
    if (seen.length > 0) yield seen.toReversed();
  },

  compare: () => ({ changes: [], unknown: [], details: {} }),
};

function toObservation(comment: Comment): Observation {
  const { request_id: _, ...result } = toComment(comment);
  const { created_time: created, last_edited_time: edited = created } = Times.parse(comment);
  return {
    id: comment.id,
    state: {},
    createdAt: new Date(created),
    changedAt: new Date(edited),
    createdBy: comment.created_by?.id,
    changedBy: comment.created_by?.id,
    result,
  };
}
