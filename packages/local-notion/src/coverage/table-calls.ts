import type { ClientCall } from "./client-call.ts";
import { always, listOf, one, sinceDataSources, unserved } from "./expectations.ts";
import { text } from "./subjects.ts";

/** Databases, data sources and their views. */
export const tableCalls: readonly ClientCall[] = [
  {
    method: "databases.create",
    endpoint: "POST databases",
    expected: always(one("database")),
    call: (client, { home }, { version }) => {
      const parent = { type: "page_id", page_id: home } as const;
      const properties = { Name: { title: {} } };
      if (version !== "2022-06-28") {
        return client.databases.create({ parent, initial_data_source: { properties } });
      }
      // The client leaves out what its newest version does not know.
      return client.request({ path: "databases", method: "post", body: { parent, properties } });
    },
  },
  {
    method: "databases.retrieve",
    endpoint: "GET databases/{}",
    expected: always(one("database")),
    call: async (client, { table }) =>
      client.databases.retrieve({ database_id: (await table()).database }),
  },
  {
    method: "databases.update",
    endpoint: "PATCH databases/{}",
    expected: always(one("database")),
    call: async (client, { table }) =>
      client.databases.update({ database_id: (await table()).database, title: text("Changed") }),
  },
  {
    method: "request",
    endpoint: "POST databases/{}/query",
    expected: { ...always(unserved), "2022-06-28": listOf("page_or_database", "page") },
    call: async (client, { table }) => {
      const path = `databases/${(await table()).database}/query`;
      return client.request({ path, method: "post", body: {} });
    },
  },
  {
    method: "dataSources.create",
    endpoint: "POST data_sources",
    expected: sinceDataSources(one("data_source")),
    call: async (client, { table }) =>
      client.dataSources.create({
        parent: { type: "database_id", database_id: (await table()).database },
        properties: { Name: { title: {} } },
      }),
  },
  {
    method: "dataSources.retrieve",
    endpoint: "GET data_sources/{}",
    expected: sinceDataSources(one("data_source")),
    call: async (client, { table }) =>
      client.dataSources.retrieve({ data_source_id: (await table()).dataSource }),
  },
  {
    method: "dataSources.update",
    endpoint: "PATCH data_sources/{}",
    expected: sinceDataSources(one("data_source")),
    call: async (client, { table }) =>
      client.dataSources.update({
        data_source_id: (await table()).dataSource,
        properties: { Done: { checkbox: {} } },
      }),
  },
  {
    method: "dataSources.query",
    endpoint: "POST data_sources/{}/query",
    expected: sinceDataSources(listOf("page_or_data_source", "page")),
    call: async (client, { table }) =>
      client.dataSources.query({
        data_source_id: (await table()).dataSource,
        filter: { property: "Points", number: { equals: 1 } },
      }),
  },
  {
    method: "dataSources.listTemplates",
    endpoint: "GET data_sources/{}/templates",
    expected: sinceDataSources({ is: "templates" }),
    call: async (client, { table }) =>
      client.dataSources.listTemplates({ data_source_id: (await table()).dataSource }),
  },
  {
    method: "views.create",
    endpoint: "POST views",
    expected: always(one("view")),
    call: async (client, { table }) =>
      client.views.create({
        data_source_id: (await table()).dataSource,
        name: "Made",
        type: "table",
      }),
  },
  {
    method: "views.list",
    endpoint: "GET views",
    expected: always(listOf("view", "view (id only)")),
    call: async (client, { view }) =>
      client.views.list({ data_source_id: (await view()).dataSource }),
  },
  {
    method: "views.retrieve",
    endpoint: "GET views/{}",
    expected: always(one("view")),
    call: async (client, { view }) => client.views.retrieve({ view_id: (await view()).view }),
  },
  {
    method: "views.update",
    endpoint: "PATCH views/{}",
    expected: always(one("view")),
    call: async (client, { view }) =>
      client.views.update({ view_id: (await view()).view, name: "Changed" }),
  },
  {
    method: "views.delete",
    endpoint: "DELETE views/{}",
    expected: always(one("view (deleted)")),
    call: async (client, { view }) => client.views.delete({ view_id: (await view()).view }),
  },
  {
    method: "views.queries.create",
    endpoint: "POST views/{}/queries",
    expected: always(one("view_query")),
    call: async (client, { view }) => client.views.queries.create({ view_id: (await view()).view }),
  },
  {
    method: "views.queries.results",
    endpoint: "GET views/{}/queries/{}",
    expected: always(listOf("page", "page (id only)")),
    call: async (client, { viewQuery }) => {
      const { view, query } = await viewQuery();
      return client.views.queries.results({ view_id: view, query_id: query });
    },
  },
  {
    method: "views.queries.delete",
    endpoint: "DELETE views/{}/queries/{}",
    expected: always(one("view_query (deleted)")),
    call: async (client, { viewQuery }) => {
      const { view, query } = await viewQuery();
      return client.views.queries.delete({ view_id: view, query_id: query });
    },
  },
];
