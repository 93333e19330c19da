import type { ChangeFacts } from "@tenon/connector";
import type { Comment } from "../people/comment.ts";
import type { Page } from "../schemas.ts";

const person = { object: "user", id: "5f4c2a1e-8d3b-4c6f-9a70-1b2c3d4e5f60" };
const database = "1d7e5c3a-0f42-4b8e-9c61-7a2b4d6f8e10";
const dataSource = "1d7e5c3a-0f42-81b5-a3d9-000b6c2e4f71";

function text(content: string) {
  return {
    type: "text",
    text: { content, link: null },
    annotations: {
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      code: false,
      color: "default",
    },
    plain_text: content,
    href: null,
  };
}

/** A page as Notion shows it: an item of a data source. */
export const samplePage: Page = {
  object: "page",
  id: "393abc1e-edcd-81f0-b6a2-c4d5e6f70819",
  created_time: "2026-07-01T09:30:00.000Z",
  last_edited_time: "2026-07-04T09:13:00.000Z",
  created_by: person,
  last_edited_by: person,
  cover: null,
  icon: { type: "emoji", emoji: "🛒" },
  parent: { type: "data_source_id", data_source_id: dataSource, database_id: database },
  in_trash: false,
  is_archived: false,
  is_locked: false,
  properties: {
    Task: { id: "title", type: "title", title: [text("Buy oat milk")] },
    Status: {
      id: "kX%3Fw",
      type: "status",
      status: { id: "0b1f6f3e-2f64-4d0b-9c8a-3c5d7e9f1a2b", name: "In progress", color: "blue" },
    },
    Due: {
      id: "lwnn",
      type: "date",
      date: { start: "2026-07-05", end: null, time_zone: null },
    },
  },
  url: "https://app.notion.com/p/Buy-oat-milk-393abc1eedcd81f0b6a2c4d5e6f70819",
  public_url: null,
};

/** A comment as Notion shows it. */
export const sampleComment: Comment = {
  object: "comment",
  id: "393abc1e-edcd-81c7-8f21-001d2e3f4a5b",
  parent: { type: "page_id", page_id: samplePage.id },
  discussion_id: "393abc1e-edcd-8142-9d3e-001c6b7a8f90",
  created_time: "2026-07-04T09:13:00.000Z",
  last_edited_time: "2026-07-04T09:13:00.000Z",
  created_by: person,
  rich_text: [text("Oat or almond?")],
  display_name: { type: "user", resolved_name: "Ada Lovelace" },
  text: "Oat or almond?",
};

/** What a run may be told of a change. */
export function sampleChange(
  changes: readonly string[],
  details: Record<string, unknown> = {},
): ChangeFacts {
  return {
    id: "7c9e6679-7425-50de-944b-e07fc1f90ae7",
    changes: [...changes],
    details,
    authors: [person.id],
    occurredAt: "2026-07-04T09:13:00.000Z",
  };
}
