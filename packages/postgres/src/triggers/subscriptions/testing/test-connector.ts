import { changeOf, type Connector, defineTrigger } from "@tenon/connector";
import { notion } from "@tenon/notion";
import * as z from "zod";

const pageCreated = defineTrigger({
  id: "page-created",
  intent: "NOTION_PAGE_CREATED",
  title: "Page Created",
  summary: "A page is made.",
  input: z.object({
    parent: z.uuid().optional(),
    limit: z.int().min(1).max(9).optional(),
  }),
  output: changeOf(z.object({ id: z.string() })),
  object: "page",
  on: ["created"],
  sample: {
    result: { id: "sample-page" },
    event: {
      id: "0193c7a2-5bd1-7f00-8000-000000000001",
      changes: ["created"],
      details: {},
      authors: ["person"],
      occurredAt: "2026-01-01T00:00:00.000Z",
    },
  },
});

/** A connector with one trigger, whatever the real one has. */
export const testConnector: Connector = { ...notion, triggers: [pageCreated] };
