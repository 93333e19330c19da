import type { ApiVersion } from "../api/version.ts";
import type { Expectation } from "./assert-answer.ts";
import { listOf, one } from "./expectations.ts";
import { paragraph, text, title, type Subjects } from "./subjects.ts";

/** One tool of Notion's MCP server: what it is called with, what it asks, what comes back. */
export interface ToolCall {
  tool: string;
  endpoint: string;
  /** The version the server asks with, when nobody tells it another. */
  version: ApiVersion | undefined;
  expected: Expectation;
  arguments(subjects: Subjects): Promise<Record<string, unknown>>;
}

const at = { version: "2025-09-03" } as const;
const atNewest = { version: "2026-03-11" } as const;

/** One row for every tool; a test compares it with the tools there are. */
export const toolCalls: readonly ToolCall[] = [
  {
    ...at,
    tool: "API-get-self",
    endpoint: "GET users/me",
    expected: one("user"),
    arguments: async () => ({}),
  },
  {
    ...at,
    tool: "API-get-users",
    endpoint: "GET users",
    expected: listOf("user", "user"),
    arguments: async () => ({ page_size: 10 }),
  },
  {
    ...at,
    tool: "API-get-user",
    endpoint: "GET users/{}",
    expected: one("user"),
    arguments: async ({ person }) => ({ user_id: await person() }),
  },
  {
    ...at,
    tool: "API-post-search",
    endpoint: "POST search",
    expected: listOf("page_or_data_source", "page", "data_source"),
    arguments: async () => ({ query: "Handbook" }),
  },
  {
    ...at,
    tool: "API-get-block-children",
    endpoint: "GET blocks/{}/children",
    expected: listOf("block", "block"),
    arguments: async ({ page }) => ({ block_id: await page(), page_size: 1 }),
  },
  {
    ...at,
    tool: "API-patch-block-children",
    endpoint: "PATCH blocks/{}/children",
    expected: listOf("block", "block"),
    arguments: async ({ page }) => ({ block_id: await page(), children: [paragraph("more")] }),
  },
  {
    ...at,
    tool: "API-retrieve-a-block",
    endpoint: "GET blocks/{}",
    expected: one("block"),
    arguments: async ({ block }) => ({ block_id: await block() }),
  },
  {
    ...at,
    tool: "API-update-a-block",
    endpoint: "PATCH blocks/{}",
    expected: one("block"),
    arguments: async ({ block }) => ({ block_id: await block(), ...paragraph("changed") }),
  },
  {
    ...at,
    tool: "API-delete-a-block",
    endpoint: "DELETE blocks/{}",
    expected: one("block"),
    arguments: async ({ block }) => ({ block_id: await block() }),
  },
  {
    ...at,
    tool: "API-post-page",
    endpoint: "POST pages",
    expected: one("page"),
    arguments: async ({ home }) => ({ parent: { page_id: home }, properties: title("Made") }),
  },
  {
    ...at,
    tool: "API-retrieve-a-page",
    endpoint: "GET pages/{}",
    expected: one("page"),
    arguments: async ({ page }) => ({ page_id: await page() }),
  },
  {
    ...at,
    tool: "API-patch-page",
    endpoint: "PATCH pages/{}",
    expected: one("page"),
    arguments: async ({ page }) => ({ page_id: await page(), properties: title("Changed") }),
  },
  {
    ...at,
    tool: "API-move-page",
    endpoint: "POST pages/{}/move",
    expected: one("page"),
    arguments: async ({ page }) => ({
      page_id: await page(),
      parent: { page_id: await page() },
    }),
  },
  {
    ...at,
    tool: "API-retrieve-a-page-property",
    endpoint: "GET pages/{}/properties/{}",
    expected: listOf("property_item", "property_item"),
    arguments: async ({ page }) => ({ page_id: await page(), property_id: "title" }),
  },
  {
    ...atNewest,
    tool: "API-retrieve-page-markdown",
    endpoint: "GET pages/{}/markdown",
    expected: one("page_markdown"),
    arguments: async ({ page }) => ({ page_id: await page() }),
  },
  {
    ...atNewest,
    tool: "API-update-page-markdown",
    endpoint: "PATCH pages/{}/markdown",
    expected: one("page_markdown"),
    arguments: async ({ page }) => ({
      page_id: await page(),
      type: "replace_content",
      replace_content: { new_str: "# New" },
    }),
  },
  {
    ...at,
    tool: "API-retrieve-a-comment",
    endpoint: "GET comments",
    expected: listOf("comment", "comment"),
    arguments: async ({ comment }) => ({ block_id: (await comment()).page }),
  },
  {
    // Its description of this one request leaves the version out, and so does the request.
    version: undefined,
    tool: "API-create-a-comment",
    endpoint: "POST comments",
    expected: { is: "error", code: "missing_version" },
    arguments: async ({ page }) => ({
      parent: { page_id: await page() },
      rich_text: text("Said"),
    }),
  },
  {
    ...at,
    tool: "API-retrieve-a-database",
    endpoint: "GET databases/{}",
    expected: one("database"),
    arguments: async ({ table }) => ({ database_id: (await table()).database }),
  },
  {
    ...at,
    tool: "API-create-a-data-source",
    endpoint: "POST data_sources",
    expected: one("data_source"),
    arguments: async ({ table }) => ({
      parent: { type: "database_id", database_id: (await table()).database },
      properties: { Name: { title: {} } },
    }),
  },
  {
    ...at,
    tool: "API-retrieve-a-data-source",
    endpoint: "GET data_sources/{}",
    expected: one("data_source"),
    arguments: async ({ table }) => ({ data_source_id: (await table()).dataSource }),
  },
  {
    ...at,
    tool: "API-update-a-data-source",
    endpoint: "PATCH data_sources/{}",
    expected: one("data_source"),
    arguments: async ({ table }) => ({
      data_source_id: (await table()).dataSource,
      title: text("Changed"),
    }),
  },
  {
    ...at,
    tool: "API-query-data-source",
    endpoint: "POST data_sources/{}/query",
    expected: listOf("page_or_data_source", "page"),
    arguments: async ({ table }) => ({
      data_source_id: (await table()).dataSource,
      filter: { property: "Points", number: { equals: 1 } },
    }),
  },
  {
    ...at,
    tool: "API-list-data-source-templates",
    endpoint: "GET data_sources/{}/templates",
    expected: { is: "templates" },
    arguments: async ({ table }) => ({ data_source_id: (await table()).dataSource }),
  },
];
