import { type ActionClient, AppError, ProviderError } from "@tenon/connector";
import * as z from "zod";
import { readDataSource } from "../data-sources/data-source.ts";
import { loosePageProperties, type PropertySchemas } from "../data-sources/property-schema.ts";
import { requireId } from "../ids.ts";
import { jsonField, readJsonField } from "../json-text.ts";
import { Block, Page } from "../schemas.ts";

/** What a page lies in: another page, a data source, or the workspace itself. */
export type Home =
  | { kind: "page"; id: string }
  | { kind: "data_source"; id: string; properties: PropertySchemas }
  | { kind: "workspace" };

const ParentJson = z.looseObject({
  page_id: z.string().optional(),
  data_source_id: z.string().optional(),
  database_id: z.string().optional(),
  workspace: z.literal(true).optional(),
});

/** A field that names what a page lies in: an id, a link, or Notion's parent object. */
export const HomeField = jsonField(ParentJson);

/**
 * Finds out what is meant by a parent. An id may be that of a page, a data source, or a database
 * that has one data source.
 *
 * @throws AppError `invalid_input` where it is nothing of these.
 */
export async function readHome(
  client: ActionClient,
  given: z.output<typeof HomeField>,
): Promise<Home> {
  if (typeof given === "string" && !given.trim().startsWith("{")) {
    return given.trim() === "workspace" ? { kind: "workspace" } : findHome(client, given);
  }
  const parent = readJsonField(given, { title: "Parent", schema: ParentJson }) ?? {};
  if (parent.workspace) return { kind: "workspace" };
  if (parent.page_id !== undefined) return { kind: "page", id: requireId(parent.page_id, "page") };
  const source = parent.data_source_id ?? parent.database_id;
  if (source !== undefined) return toDataSourceHome(client, source);
  throw new AppError(
    "invalid_input",
    400,
    '"Parent" names no page_id, data_source_id or database_id.',
  );
}

/** The home of a page that is there. Of a page in a column or toggle it is the page around it. */
export async function readHomeOf(client: ActionClient, page: Page): Promise<Home> {
  let { parent } = page;
  while (parent?.block_id !== undefined) {
    const path = `/v1/blocks/${parent.block_id}`;
    ({ parent } = await client.request("GET", path, { returns: Block }));
  }
  const source = parent?.data_source_id ?? parent?.database_id;
  if (source !== undefined) return toDataSourceHome(client, source);
  return parent?.page_id === undefined
    ? { kind: "workspace" }
    : { kind: "page", id: parent.page_id };
}

async function findHome(client: ActionClient, given: string): Promise<Home> {
  const id = requireId(given, "page");
  try {
    await client.request("GET", `/v1/pages/${id}`, { returns: Page });
    return { kind: "page", id };
  } catch (error) {
    // Of a database Notion says so; of a data source it only knows no such page.
    const isOther = error instanceof ProviderError && [400, 404].includes(error.status);
    if (!isOther) throw error;
  }
  return toDataSourceHome(client, id);
}

async function toDataSourceHome(client: ActionClient, given: string): Promise<Home> {
  const { id, properties } = await readDataSource(client, given);
  return { kind: "data_source", id, properties };
}

/** The properties that a page has there. */
export function propertiesOf(home: Home): PropertySchemas {
  return home.kind === "data_source" ? home.properties : loosePageProperties;
}

/** A home as a request's `parent`. */
export function toParent(home: Home): Record<string, unknown> {
  switch (home.kind) {
    case "page":
      return { type: "page_id", page_id: home.id };
    case "data_source":
      return { type: "data_source_id", data_source_id: home.id };
    case "workspace":
      return { type: "workspace", workspace: true };
  }
}
