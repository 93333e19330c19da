import type { Client } from "@notionhq/client";

/** Things to call an endpoint with, each made anew so that no call disturbs another. */
export interface Subjects {
  /** A page of the workspace that holds everything made here. */
  home: string;
  page(): Promise<string>;
  block(): Promise<string>;
  table(): Promise<{ database: string; dataSource: string; row: string }>;
  comment(): Promise<{ page: string; comment: string }>;
  upload(): Promise<string>;
  sentUpload(): Promise<string>;
  largeUpload(): Promise<string>;
  view(): Promise<{ dataSource: string; view: string }>;
  viewQuery(): Promise<{ view: string; query: string }>;
  task(): Promise<string>;
  person(): Promise<string>;
}

export const text = (content: string): { text: { content: string } }[] => [{ text: { content } }];
export const title = (content: string) => ({ title: { title: text(content) } });
export const paragraph = (content: string) => ({ paragraph: { rich_text: text(content) } });
export const textFile = { data: new Blob(["hello"]), filename: "note.txt" };

/** Subjects made by a client of the newest version. */
export function createSubjects(client: Client, home: string): Subjects {
  const page = async (): Promise<string> =>
    (
      await client.pages.create({
        parent: { page_id: home },
        properties: title("Subject"),
        children: [paragraph("first"), paragraph("second")],
      })
    ).id;
  const upload = async (): Promise<string> =>
    (await client.fileUploads.create({ filename: "note.txt" })).id;
  const view = async (): Promise<{ dataSource: string; view: string }> => {
    const { dataSource } = await createTable(client, home);
    const view = { data_source_id: dataSource, name: "All", type: "table" } as const;
    return { dataSource, view: (await client.views.create(view)).id };
  };
  return {
    home,
    page,
    block: async () => firstId(await client.blocks.children.list({ block_id: await page() })),
    table: () => createTable(client, home),
    comment: async () => {
      const id = await page();
      const made = { parent: { page_id: id }, rich_text: text("Said") };
      return { page: id, comment: (await client.comments.create(made)).id };
    },
    upload,
    sentUpload: async () => {
      const id = await upload();
      await client.fileUploads.send({ file_upload_id: id, file: textFile });
      return id;
    },
    largeUpload: () => createLargeUpload(client),
    view,
    viewQuery: async () => {
      const { view: id } = await view();
      return { view: id, query: (await client.views.queries.create({ view_id: id })).id };
    },
    task: async () => createTask(client, await page()),
    person: async () => firstId(await client.users.list({})),
  };
}

async function createTable(
  client: Client,
  home: string,
): Promise<{ database: string; dataSource: string; row: string }> {
  const made = await client.databases.create({
    parent: { type: "page_id", page_id: home },
    title: text("Subjects"),
    initial_data_source: { properties: { Name: { title: {} }, Points: { number: {} } } },
  });
  const dataSource = "data_sources" in made ? (made.data_sources[0]?.id ?? "") : "";
  const row = await client.pages.create({
    parent: { data_source_id: dataSource },
    properties: { Name: { title: text("Row") }, Points: { number: 1 } },
  });
  return { database: made.id, dataSource, row: row.id };
}

async function createLargeUpload(client: Client): Promise<string> {
  const mode = { mode: "multi_part", filename: "parts.txt", number_of_parts: 1 } as const;
  const { id } = await client.fileUploads.create(mode);
  await client.fileUploads.send({ file_upload_id: id, part_number: "1", file: textFile });
  return id;
}

async function createTask(client: Client, page: string): Promise<string> {
  const task = await client.pages.updateMarkdown({
    page_id: page,
    type: "replace_content",
    replace_content: { new_str: "later" },
    allow_async: true,
  });
  return task.id;
}

function firstId(list: { results: { id: string }[] }): string {
  return list.results[0]?.id ?? "";
}
