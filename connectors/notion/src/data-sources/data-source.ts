import { type ActionClient, AppError, ProviderError } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { unlessMissing } from "../read-all.ts";
import { plainText, RichText } from "../rich-text.ts";
import { Parent } from "../schemas.ts";
import { PropertySchemas } from "./property-schema.ts";

/** A data source as Notion shows it. */
export const DataSource = z
  .looseObject({
    object: z.literal("data_source"),
    id: z.string(),
    title: RichText,
    properties: PropertySchemas,
    parent: Parent.optional(),
    url: z.string().optional(),
    in_trash: z.boolean().optional(),
  })
  .meta({ title: "Data source" });
export type DataSource = z.output<typeof DataSource>;

/** A database as Notion shows it: a container of data sources. */
export const Database = z
  .looseObject({
    object: z.literal("database"),
    id: z.string(),
    title: RichText,
    data_sources: z.array(z.looseObject({ id: z.string(), name: z.string() })),
    parent: Parent.optional(),
    url: z.string().optional(),
    in_trash: z.boolean().optional(),
  })
  .meta({ title: "Database" });
export type Database = z.output<typeof Database>;

/**
 * A data source by its id or address, or by those of the database it is the only one of: what
 * people copy from Notion's address bar is the database.
 *
 * @throws AppError `invalid_input` that names the data sources where the database has several.
 */
export async function readDataSource(client: ActionClient, given: string): Promise<DataSource> {
  const id = requireId(given, "data source");
  const asked = requestDataSource(client, id);
  const found = await unlessMissing(asked);
  if (found) return found;
  const soleId = await soleDataSourceId(client, id);
  return soleId === undefined ? asked : requestDataSource(client, soleId);
}

/** The id of a data source; see {@link readDataSource}. */
export async function resolveDataSource(client: ActionClient, given: string): Promise<string> {
  return (await readDataSource(client, given)).id;
}

function requestDataSource(client: ActionClient, id: string): Promise<DataSource> {
  return client.request("GET", `/v1/data_sources/${id}`, { returns: DataSource });
}

/** The id of a database's only data source; undefined where there is no such database. */
async function soleDataSourceId(client: ActionClient, id: string): Promise<string | undefined> {
  const database = await readDatabaseIfThere(client, id);
  if (!database) return undefined;
  const { data_sources: children, title } = database;
  const [only, ...others] = children;
  if (only && others.length === 0) return only.id;
  const named = children.map((one) => `"${one.name}" (${one.id})`).join(", ");
  const next = only
    ? `Write the id of one of them: ${named}.`
    : "None of them is shared with this connection.";
  throw new AppError(
    "invalid_input",
    400,
    `"${plainText(title)}" is a database with ${children.length} data sources. ${next}`,
    { details: { databaseId: id, dataSources: children } },
  );
}

async function readDatabaseIfThere(
  client: ActionClient,
  id: string,
): Promise<Database | undefined> {
  try {
    return await unlessMissing(requestDatabase(client, id));
  } catch (error) {
    // A page's id is refused as one.
    if (error instanceof ProviderError && error.status === 400) return undefined;
    throw error;
  }
}

function requestDatabase(client: ActionClient, id: string): Promise<Database> {
  return client.request("GET", `/v1/databases/${id}`, { returns: Database });
}

/** A database by its id or address. */
export function readDatabase(client: ActionClient, given: string): Promise<Database> {
  return requestDatabase(client, requireId(given, "database"));
}
