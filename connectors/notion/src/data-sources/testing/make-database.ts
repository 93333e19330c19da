import type { ActionClient } from "@tenon/connector";
import { createDatabase } from "../../actions/create-database.ts";
import type { ActionRig } from "../../testing/action-rig.ts";
import { findPageId } from "../../testing/find-by-title.ts";
import { type DataSource, readDataSource } from "../data-source.ts";

export const person = {
  ada: "3ac0de10-ca1a-4a01-8a01-0000000000a1",
  ben: "3ac0de10-ca1a-4a01-8a01-0000000000b2",
};

/** Makes a database in the example workspace through our own action. */
export async function makeDatabase(
  rig: ActionRig,
  properties: readonly object[],
  title = "Everything",
): Promise<DataSource & { databaseId: string }> {
  const page = await findPageId(rig, "Handbook");
  const { result } = await rig.run(createDatabase, { page, title, properties });
  return { ...(await readDataSource(rig.client, result.id)), databaseId: result.id };
}

/** A property of every type that has values to write, each named after its type. */
export const writableProperties = [
  { name: "title", type: "title" },
  { name: "rich_text", type: "rich_text" },
  { name: "number", type: "number" },
  { name: "checkbox", type: "checkbox" },
  { name: "url", type: "url" },
  { name: "email", type: "email" },
  { name: "phone_number", type: "phone_number" },
  { name: "select", type: "select", options: ["High", { name: "Low", color: "blue" }] },
  { name: "multi_select", type: "multi_select", options: ["red", "green"] },
  { name: "status", type: "status" },
  { name: "date", type: "date" },
  { name: "people", type: "people" },
  { name: "files", type: "files" },
  { name: "place", type: "place" },
];

/** A property of every type that Notion fills itself. */
export const computedProperties = [
  { name: "unique_id", type: "unique_id", prefix: "TASK" },
  { name: "created_time", type: "created_time" },
  { name: "created_by", type: "created_by" },
  { name: "last_edited_time", type: "last_edited_time" },
  { name: "last_edited_by", type: "last_edited_by" },
  { name: "formula", type: "formula", expression: 'prop("number") * 2' },
];

/** Makes an item without our own code. */
export async function makeItem(
  client: ActionClient,
  dataSourceId: string,
  properties: Record<string, unknown>,
): Promise<string> {
  const page: any = await client.request("POST", "/v1/pages", {
    body: { parent: { type: "data_source_id", data_source_id: dataSourceId }, properties },
  });
  return page.id;
}
