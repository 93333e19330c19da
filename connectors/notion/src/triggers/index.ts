import type { Trigger, Watch } from "@tenon/connector";
import { commentAdded } from "./comment-added.ts";
import { comment } from "./comment.ts";
import { dataSourceItemCreated } from "./data-source-item-created.ts";
import { dataSourceItemUpdated } from "./data-source-item-updated.ts";
import { pageContentUpdated } from "./page-content-updated.ts";
import { pageCreated } from "./page-created.ts";
import { pageDeleted } from "./page-deleted.ts";
import { pageMoved } from "./page-moved.ts";
import { pagePropertiesUpdated } from "./page-properties-updated.ts";
import { pageRestored } from "./page-restored.ts";
import { pageUpdated } from "./page-updated.ts";
import { page } from "./page.ts";
import { webhook } from "./webhook.ts";

/** Every trigger of Notion, in the order that people see them. */
export const triggers: readonly Trigger[] = [
  pageCreated,
  pageUpdated,
  pageContentUpdated,
  pagePropertiesUpdated,
  pageMoved,
  pageDeleted,
  pageRestored,
  dataSourceItemCreated,
  dataSourceItemUpdated,
  commentAdded,
];

/** How pages and comments are watched. */
export const watch: Watch = { webhook, objects: [page, comment], ownAuthor: "botId" };
