import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import type { Work } from "../blocks/append-blocks.ts";
import { doAgain } from "../do-again.ts";
import { outcomeUnknown } from "../outcome-unknown.ts";
import { readAll } from "../read-all.ts";
import { Block, Page } from "../schemas.ts";
import type { Home } from "./home.ts";
import { titleOf } from "./page-title.ts";

/** The pages of the same title and home that were there before one was made. */
export interface Twins {
  ids: string[];
  /** When they were looked for: what was made earlier is none of ours. */
  since: string;
}

/** Notion's clock may differ from ours, and it tells times to the minute. */
const clockSkewMs = 10 * 60_000;
const longestQuery = 2_000;
/** A parent with more children than this is not searched for twins before every new page. */
const mostChildren = 500;

/**
 * Notes which pages of the title were made in the home just now, so that a look after a crash can
 * tell the new one from them. Undefined where that cannot be found out: for a page at the top of
 * the workspace.
 */
export async function noteTwins(
  { client, once }: Work,
  home: Home,
  title: string,
): Promise<Twins | undefined> {
  if (home.kind === "workspace") return undefined;
  const since = new Date(Date.now() - clockSkewMs).toISOString();
  const note = async (): Promise<Twins | null> => {
    const ids = await readTwinIds(client, { home, title, since, limit: mostChildren });
    return ids && { ids, since };
  };
  return (await once("note twins", note, doAgain)) ?? undefined;
}

/**
 * The page that was made since, or undefined where there surely is none.
 *
 * @throws AppError `outcome_unknown` where several pages of the title were made since.
 */
export async function findMadePage(
  client: ActionClient,
  { home, title, twins }: { home: Home; title: string; twins: Twins },
): Promise<Page | undefined> {
  const ids = await readTwinIds(client, { home, title, since: twins.since });
  const [id, ...others] = (ids ?? []).filter((one) => !twins.ids.includes(one));
  if (id === undefined) return undefined;
  if (others.length === 0) return client.request("GET", `/v1/pages/${id}`, { returns: Page });
  throw outcomeUnknown(
    `${others.length + 1} pages called ${JSON.stringify(title)} were made at the same time; which of them is this step's cannot be told. Look at them in Notion, then run the step again if one is missing.`,
  );
}

interface TwinSearch {
  home: Home;
  title: string;
  since: string;
  limit?: number;
}

/** The ids of the pages; null where there are more candidates than the limit. */
async function readTwinIds(client: ActionClient, search: TwinSearch): Promise<string[] | null> {
  const { home } = search;
  switch (home.kind) {
    case "page":
      return readChildPages(client, home.id, search);
    case "data_source":
      return readRows(client, home, search);
    case "workspace":
      return null;
  }
}

const ChildPage = z.looseObject({ child_page: z.looseObject({ title: z.string() }) });

async function readChildPages(
  client: ActionClient,
  pageId: string,
  { title, since, limit }: TwinSearch,
): Promise<string[] | null> {
  const path = `/v1/blocks/${pageId}/children`;
  const { items, nextCursor } = await readAll(client, { path, item: Block, limit });
  if (nextCursor !== undefined) return null;
  return items
    .filter((block) => ChildPage.safeParse(block).data?.child_page.title === title)
    .filter(({ created_time: made = since }) => Date.parse(made) >= Date.parse(since))
    .map(({ id }) => id);
}

async function readRows(
  client: ActionClient,
  { id, properties }: Extract<Home, { kind: "data_source" }>,
  { title, since, limit }: TwinSearch,
): Promise<string[] | null> {
  const name = Object.values(properties).find(({ type }) => type === "title")?.id ?? "title";
  const isShort = title.length <= longestQuery;
  const hasTitle = title === "" ? { is_empty: true } : isShort ? { equals: title } : undefined;
  const madeSince = { timestamp: "created_time", created_time: { on_or_after: since } };
  const { items, nextCursor } = await readAll(client, {
    method: "POST",
    path: `/v1/data_sources/${id}/query`,
    body: {
      filter: { and: hasTitle ? [madeSince, { property: name, title: hasTitle }] : [madeSince] },
    },
    item: Page,
    limit,
  });
  if (nextCursor !== undefined) return null;
  return items.filter((page) => titleOf(page) === title).map((page) => page.id);
}
