import { toMinute } from "../clock.ts";
import { presentProperties, type Shown } from "../properties/columns.ts";
import { presentCover, presentIcon } from "../rich-text/present-rich-text.ts";
import type { PageNode } from "../store/records.ts";
import { presentParent } from "./present-parent.ts";
import { partialUser } from "./present-user.ts";
import { pageTitle } from "./titles.ts";
import { nodeUrl } from "./urls.ts";
import { isAtLeast } from "./version.ts";
import type { View } from "./view.ts";

/** A page as answers show it, with all properties or those asked for. */
export function presentPage(page: PageNode, view: View, properties: Shown = {}): object {
  const isTrashed = view.store.nodes.isInTrash(page);
  const isOld = view.version === "2022-06-28";
  const hasArchivedLast = !isOld && !isAtLeast(view.version, "2026-03-11");
  return {
    object: "page",
    id: page.id,
    created_time: toMinute(page.createdTime),
    last_edited_time: toMinute(page.editedTime),
    created_by: partialUser(page.createdBy),
    last_edited_by: partialUser(page.editedBy),
    cover: presentCover(page.cover, view),
    icon: presentIcon(page.icon, view),
    parent: presentParent(page, view),
    ...(isOld ? { archived: isTrashed } : {}),
    in_trash: isTrashed,
    ...(isOld ? {} : { is_archived: page.isArchived, is_locked: page.isLocked }),
    properties: presentProperties(page, view, properties),
    url: nodeUrl(page.id, pageTitle(page), view),
    public_url: null,
    ...(hasArchivedLast ? { archived: isTrashed } : {}),
  };
}
