import { type ActionClient, ProviderError } from "@tenon/connector";
import { readDatabase } from "../data-sources/data-source.ts";
import { type ListRequest, readSome, unlessMissing } from "../read-all.ts";
import { Page } from "../schemas.ts";
import { minuteOf } from "./minute.ts";

interface Ask {
  client: ActionClient;
  since: Date;
  /** A data source, or a database. */
  scope: string | undefined;
  /** What is asked for: only who asks for pages deleted or restored needs the trash. */
  changes: ReadonlySet<string> | undefined;
}

type PageList = ListRequest<typeof Page>;
type Pages = AsyncGenerator<readonly Page[]>;

/**
 * Pages that were edited in or after the minute of a time, the last edited first, then those of them
 * in the trash; of a database with several data sources, one after the other.
 *
 * - A page that is edited meanwhile moves to the front: the next list has it.
 * - Search may lag and is not promised to find every page; a data source lists all of its own.
 * - Throws what Notion answers where the data source is not there or not shared any more.
 */
export async function* listPages({ client, since, scope, changes }: Ask): Pages {
  const from = minuteOf(since);
  const withTrash = changes === undefined || changes.has("deleted") || changes.has("restored");
  if (scope !== undefined) return yield* listItems(client, scope, { from, withTrash });
  yield* search(client, from, false);
  if (withTrash) yield* unlessRefused(search(client, from, true));
}

interface Wanted {
  from: number;
  withTrash: boolean;
}

async function* listItems(client: ActionClient, scope: string, wanted: Wanted): Pages {
  try {
    yield* queryItems(client, scope, wanted);
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === "object_not_found")) throw error;
    const database = await unlessMissing(readDatabase(client, scope));
    if (!database) throw error;
    for (const { id } of database.data_sources) yield* queryItems(client, id, wanted);
  }
}

async function* queryItems(client: ActionClient, id: string, { from, withTrash }: Wanted): Pages {
  const path = `/v1/data_sources/${id}/query`;
  yield* query(client, { path, from, inTrash: false });
  if (withTrash) yield* unlessRefused(query(client, { path, from, inTrash: true }));
}

/** Not every version of Notion's API knows of the trash here. */
async function* unlessRefused(pages: Pages): Pages {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === "validation_error")) throw error;
  }
}

async function* search(client: ActionClient, from: number, inTrash: boolean): Pages {
  const filter = { property: "object", value: "page", ...(inTrash && { in_trash: true }) };
  const sort = { timestamp: "last_edited_time", direction: "descending" };
  yield* readSince(client, from, {
    method: "POST",
    path: "/v1/search",
    body: { filter, sort },
    item: Page,
  });
}

interface Query {
  path: string;
  from: number;
  inTrash: boolean;
}

/** Notion gives 10,000 pages of one query: what is older is asked for with another. */
async function* query(client: ActionClient, { path, from, inTrash }: Query): Pages {
  let until: string | undefined;
  for (;;) {
    const end = yield* readSince(client, from, {
      method: "POST",
      path,
      body: {
        filter: {
          and: [
            editedWhen("on_or_after", new Date(from).toISOString()),
            editedWhen("on_or_before", until),
          ].flat(),
        },
        sorts: [{ timestamp: "last_edited_time", direction: "descending" }],
        // Data sources of a wiki list other data sources among their pages.
        result_type: "page",
        ...(inTrash && { in_trash: true }),
      },
      item: Page,
    });
    if (end === undefined || end === until) return;
    until = end;
  }
}

function editedWhen(when: "on_or_after" | "on_or_before", time: string | undefined): object[] {
  return time === undefined
    ? []
    : [{ timestamp: "last_edited_time", last_edited_time: { [when]: time } }];
}

const firstSize = 10;

/**
 * The parts of a list until one is older. Gives back the time of the last page where Notion cut the
 * list short.
 */
async function* readSince(
  client: ActionClient,
  from: number,
  request: PageList,
): AsyncGenerator<readonly Page[], string | undefined> {
  let cursor: string | undefined;
  for (;;) {
    // Mostly there is little or nothing: the first part is small.
    const pageSize = cursor === undefined ? firstSize : undefined;
    const asked = { ...request, cursor, ...(pageSize && { pageSize }) };
    const { items, nextCursor, incompleteReason } = await readSome(client, asked);
    // Of a page that the connection may not read Notion shows the id alone.
    const dated = items.filter((page) => page.last_edited_time !== undefined);
    const recent = dated.filter(({ last_edited_time: time = "" }) => Date.parse(time) >= from);
    if (recent.length > 0) yield recent;
    if (recent.length < dated.length) return undefined;
    if (nextCursor === undefined) {
      return incompleteReason === undefined ? undefined : recent.at(-1)?.last_edited_time;
    }
    cursor = nextCursor;
  }
}
