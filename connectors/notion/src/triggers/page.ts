import type { Observation, WatchedObject } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { contentDigest } from "./content-digest.ts";
import { listPages } from "./list-pages.ts";
import { minuteMs } from "./minute.ts";
import { comparePages, contentPart, isInTrash, pageState } from "./page-state.ts";
import { unlessHidden } from "./unless-hidden.ts";

const time = z.iso.datetime({ offset: true });
const Times = z.object({ created_time: time, last_edited_time: time });

/** Pages, among them the items of data sources. */
export const page: WatchedObject = {
  kind: "page",
  precisionMs: minuteMs,
  created: "created",
  edits: ["properties", "content"],
  deep: ["content"],

  async observe({ client, id, deep }) {
    const found = await unlessHidden(client.request("GET", `/v1/pages/${id}`, { returns: Page }));
    if (!found) return undefined;
    const seen = toObservation(found);
    const content = deep ? await contentDigest(client, id) : undefined;
    return content === undefined
      ? seen
      : { ...seen, state: { ...seen.state, [contentPart]: content } };
  },

  async *list(ask) {
    for await (const pages of listPages(ask)) yield pages.map(toObservation);
  },

  shows: (state) => (isInTrash(state) ? ["deleted"] : []),
  compare: comparePages,
};

/** A page as it was seen, without its content. */
function toObservation(page: Page): Observation {
  const { request_id: _, ...result } = page;
  const times = Times.parse(page);
  return {
    id: page.id,
    state: pageState(page),
    createdAt: new Date(times.created_time),
    changedAt: new Date(times.last_edited_time),
    createdBy: page.created_by?.id,
    changedBy: page.last_edited_by?.id,
    result,
  };
}
