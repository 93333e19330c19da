import type { ClientCall } from "./client-call.ts";
import { always, listOf, one } from "./expectations.ts";
import { paragraph, title } from "./subjects.ts";

export const contentCalls: readonly ClientCall[] = [
  {
    method: "search",
    endpoint: "POST search",
    expected: {
      ...always(listOf("page_or_data_source", "page", "data_source")),
      "2022-06-28": listOf("page_or_database", "page", "database"),
    },
    call: async (client, { table }) => {
      await table();
      return client.search({});
    },
  },
  {
    method: "pages.create",
    endpoint: "POST pages",
    expected: always(one("page")),
    call: (client, { home }) =>
      client.pages.create({
        parent: { page_id: home },
        properties: title("Made"),
        children: [paragraph("content")],
      }),
  },
  {
    method: "pages.retrieve",
    endpoint: "GET pages/{}",
    expected: always(one("page")),
    call: async (client, { page }) => client.pages.retrieve({ page_id: await page() }),
  },
  {
    method: "pages.update",
    endpoint: "PATCH pages/{}",
    expected: always(one("page")),
    call: async (client, { page }) =>
      client.pages.update({ page_id: await page(), properties: title("Changed") }),
  },
  {
    method: "pages.move",
    endpoint: "POST pages/{}/move",
    expected: always(one("page")),
    call: async (client, { page }) =>
      client.pages.move({ page_id: await page(), parent: { page_id: await page() } }),
  },
  {
    method: "pages.properties.retrieve",
    endpoint: "GET pages/{}/properties/{}",
    expected: always(listOf("property_item", "property_item")),
    call: async (client, { page }) =>
      client.pages.properties.retrieve({ page_id: await page(), property_id: "title" }),
  },
  {
    method: "pages.retrieveMarkdown",
    endpoint: "GET pages/{}/markdown",
    expected: always(one("page_markdown")),
    call: async (client, { page }) => client.pages.retrieveMarkdown({ page_id: await page() }),
  },
  {
    method: "pages.updateMarkdown",
    endpoint: "PATCH pages/{}/markdown",
    expected: always(one("page_markdown")),
    call: async (client, { page }) =>
      client.pages.updateMarkdown({
        page_id: await page(),
        type: "replace_content",
        replace_content: { new_str: "# New" },
      }),
  },
  {
    method: "asyncTasks.retrieve",
    endpoint: "GET async_tasks/{}",
    expected: always(one("async_task")),
    call: async (client, { task }) => client.asyncTasks.retrieve({ task_id: await task() }),
  },
  {
    method: "blocks.retrieve",
    endpoint: "GET blocks/{}",
    expected: always(one("block")),
    call: async (client, { block }) => client.blocks.retrieve({ block_id: await block() }),
  },
  {
    method: "blocks.update",
    endpoint: "PATCH blocks/{}",
    expected: always(one("block")),
    call: async (client, { block }) =>
      client.blocks.update({ block_id: await block(), ...paragraph("changed") }),
  },
  {
    method: "blocks.delete",
    endpoint: "DELETE blocks/{}",
    expected: always(one("block")),
    call: async (client, { block }) => client.blocks.delete({ block_id: await block() }),
  },
  {
    method: "blocks.children.list",
    endpoint: "GET blocks/{}/children",
    expected: always(listOf("block", "block")),
    call: async (client, { page }) => client.blocks.children.list({ block_id: await page() }),
  },
  {
    method: "blocks.children.append",
    endpoint: "PATCH blocks/{}/children",
    expected: always(listOf("block", "block")),
    call: async (client, { page }) =>
      client.blocks.children.append({ block_id: await page(), children: [paragraph("more")] }),
  },
];
