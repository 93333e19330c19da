import type { ActionClient, Choice, Picker, PickerAsk } from "@tenon/connector";
import * as z from "zod";
import { DataSource as DataSourceSchema } from "./data-sources/data-source.ts";
import { properties } from "./data-sources/property-picker.ts";
import { notionPicker } from "./notion-action.ts";
import { createPagePaths, type PagePaths } from "./pages/page-paths.ts";
import { titleOf } from "./pages/page-title.ts";
import { User } from "./people/users.ts";
import { type List, readSome } from "./read-all.ts";
import { plainText } from "./rich-text.ts";
import { Page, Parent } from "./schemas.ts";

const pageSize = 50;

export const pages = notionPicker({
  id: "pages",
  title: "Pages",
  load: ({ client, ...ask }) => loadFound(client, { ...ask, kind: "page" }),
});

export const dataSources = notionPicker({
  id: "data-sources",
  title: "Data sources",
  load: ({ client, ...ask }) => loadFound(client, { ...ask, kind: "data_source" }),
});

/** What a page can be made in. */
export const parents = notionPicker({
  id: "parents",
  title: "Pages and data sources",
  load: ({ client, ...ask }) => loadFound(client, ask),
});

export const databases = notionPicker({
  id: "databases",
  title: "Databases",
  async load({ client, ...ask }) {
    const { items, nextCursor } = await search(client, { ...ask, kind: "data_source" });
    const paths = createPagePaths(client);
    const found = items.flatMap((item) => (item.object === "data_source" ? [item] : []));
    // One choice for each database, under the name of the first of its data sources.
    const byDatabase = new Map<string, DataSource>();
    for (const source of found) {
      const id = source.parent?.database_id ?? source.id;
      if (!byDatabase.has(id)) byDatabase.set(id, source);
    }
    const choices = [...byDatabase].map(async ([value, source]) => ({
      ...(await toChoice(source, paths)),
      value,
    }));
    return { choices: await Promise.all(choices), nextCursor };
  },
});

export const users = notionPicker({
  id: "users",
  title: "People",
  async load({ client, search: typed, cursor }) {
    const wanted = typed.trim().toLowerCase();
    const matches = ({ type, name, person }: User): boolean =>
      type !== "bot" && `${name ?? ""}\n${person?.email ?? ""}`.toLowerCase().includes(wanted);
    let list: List<User> = { items: [], nextCursor: cursor, incompleteReason: undefined };
    let found: User[];
    // Notion cannot search for people, so pages without a match are passed over.
    do {
      list = await readSome(client, { path: "/v1/users", item: User, cursor: list.nextCursor });
      found = list.items.filter(matches);
    } while (found.length === 0 && list.nextCursor !== undefined);
    return { choices: found.map(toPerson), nextCursor: list.nextCursor };
  },
});

export const pickers: readonly Picker[] = [
  pages,
  dataSources,
  parents,
  databases,
  properties,
  users,
];

function toPerson({ id, name, person }: User): Choice {
  const label = name || person?.email || "Unnamed person";
  return { value: id, label, ...(person?.email && { description: person.email }) };
}

const DataSource = DataSourceSchema.extend({ database_parent: Parent.optional() });
type DataSource = z.output<typeof DataSource>;
const Found = z.discriminatedUnion("object", [Page, DataSource]);
type Found = z.output<typeof Found>;

interface SearchAsk extends Omit<PickerAsk, "client" | "input"> {
  kind?: "page" | "data_source";
}

async function loadFound(
  client: ActionClient,
  ask: SearchAsk,
): Promise<{ choices: Choice[]; nextCursor: string | undefined }> {
  const { items, nextCursor } = await search(client, ask);
  const paths = createPagePaths(client);
  for (const item of items) paths.learn(item.id, { title: labelOf(item), parent: placeOf(item) });
  const choices = await Promise.all(items.map((item) => toChoice(item, paths)));
  return { choices, nextCursor };
}

/** Waits between tries while the index of a workspace that was just connected is empty. */
const patienceMs = [300, 600, 1_200, 2_400];

async function search(
  client: ActionClient,
  { search: query, cursor, kind }: SearchAsk,
): Promise<List<Found>> {
  const ask = async (): Promise<List<Found>> => {
    const list = await readSome(client, {
      method: "POST",
      path: "/v1/search",
      body: { query, ...(kind && { filter: { property: "object", value: kind } }) },
      item: Found,
      cursor,
      pageSize,
    });
    // Search leaves out pages that are in the trash, but not data sources.
    return { ...list, items: list.items.filter((item) => item.in_trash !== true) };
  };
  let list = await ask();
  // Nothing for a word may well be the truth. Nothing at all is mostly an index that lags.
  if (query.trim() !== "" || cursor !== undefined) return list;
  for (const waitMs of patienceMs) {
    if (list.items.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    list = await ask();
  }
  return list;
}

function labelOf(item: Found): string {
  return item.object === "page" ? titleOf(item) : plainText(item.title);
}

function placeOf(item: Found): Parent | undefined {
  return item.object === "page" ? item.parent : (item.database_parent ?? item.parent);
}

async function toChoice(item: Found, paths: PagePaths): Promise<Choice> {
  const path = await paths.pathOf(placeOf(item));
  return {
    value: item.id,
    label: labelOf(item) || "Untitled",
    ...(path !== "" && { description: path }),
  };
}
