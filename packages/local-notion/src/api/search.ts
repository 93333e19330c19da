import {
  compareTimes,
  isSearchable,
  searchIndexOf,
  type Searchable,
} from "../search/search-index.ts";
import { object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, literal, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import {
  pageSize,
  presentList,
  startCursor,
  toPaging,
  unknownCursor,
  type Page,
} from "./pagination.ts";
import { presentDataSource } from "./present-data-source.ts";
import { presentPage } from "./present-page.ts";
import { isAtLeast } from "./version.ts";

export const searchRoutes: Route[] = [
  { method: "POST", path: "/v1/search", capability: "readContent", answer: search },
];

const kind = { page: "page", data_source: "data_source", database: "data_source" } as const;

function requestSchema(values: readonly ("page" | "data_source" | "database")[]) {
  return object({
    query: optional(string()),
    sort: optional(
      union(
        object({
          timestamp: literal("last_edited_time"),
          direction: optional(oneOf(["ascending", "descending"])),
        }),
        object({ property: literal("relevance") }),
      ),
    ),
    filter: optional(
      union(
        object({
          property: literal("object"),
          value: oneOf(values),
          in_trash: optional(boolean()),
        }),
        object({ in_trash: boolean() }),
      ),
    ),
    start_cursor: startCursor,
    page_size: optional(pageSize),
  });
}

const newRequest = requestSchema(["page", "data_source"]);
const oldRequest = requestSchema(["page", "database"]);
type SearchRequest = Infer<typeof newRequest>;

/** Finds pages and data sources by words of their titles, last edited first. */
function search(call: Call): object {
  const isNew = isAtLeast(call.view.version, "2025-09-03");
  const request = parseBody(isNew ? newRequest : oldRequest, call.body ?? {});
  const { items, next } = takePage(call, request);
  const type = isNew ? "page_or_data_source" : "page_or_database";
  return presentList(
    items.map((node) => present(node, call)),
    next?.id,
    type,
  );
}

function takePage(call: Call, request: SearchRequest): Page<Searchable> {
  const { size, cursor } = toPaging(request);
  const items: Searchable[] = [];
  let hasStarted = cursor === undefined;
  for (const node of candidates(call, request)) {
    hasStarted ||= node.id === cursor;
    if (!hasStarted || !isFound(call, node, request)) continue;
    if (items.length === size) return { items, next: node };
    items.push(node);
    // The cursor itself has to be among what is found.
    if (items.length === 1 && cursor !== undefined && node.id !== cursor) break;
  }
  if (cursor !== undefined && items[0]?.id !== cursor) throw unknownCursor(cursor);
  return { items, next: undefined };
}

/** What may be found, in the order asked for. */
function candidates({ view }: Call, request: SearchRequest): Iterable<Searchable> {
  const index = searchIndexOf(view.store);
  const { workspaceId } = view.connection;
  const found = index.find(workspaceId, request.query ?? "");
  const all = index.byTime(workspaceId).items;
  const isAscending =
    request.sort && "timestamp" in request.sort && request.sort.direction === "ascending";
  // Few are sorted sooner than they are come across among all.
  if (found && found.size * Math.log2(found.size + 1) < all.length) {
    const few = [...found].map((id) => view.store.get("nodes", id));
    const sorted = few.filter((node) => node !== undefined).filter(isSearchable);
    sorted.sort(compareTimes);
    return isAscending ? sorted : sorted.toReversed();
  }
  return walk(all, { isAscending: isAscending === true, found });
}

function* walk(
  all: readonly Searchable[],
  { isAscending, found }: { isAscending: boolean; found: ReadonlySet<string> | undefined },
): Generator<Searchable> {
  for (let step = 0; step < all.length; step += 1) {
    const node = all[isAscending ? step : all.length - 1 - step];
    if (node && (!found || found.has(node.id))) yield node;
  }
}

function isFound({ view, instance }: Call, node: Searchable, { filter }: SearchRequest): boolean {
  if (filter && "value" in filter && kind[filter.value] !== node.kind) return false;
  if (!isWanted(view.store.nodes.isInTrash(node), node, filter?.in_trash)) return false;
  const isIndexed = node.editedTime + instance.settings.searchLagMs <= view.clock.now();
  return isIndexed && view.canSee(node);
}

/** Unless asked about the trash, Notion leaves out trashed pages but not trashed data sources. */
function isWanted(isTrashed: boolean, node: Searchable, asked: boolean | undefined): boolean {
  return asked === undefined ? !isTrashed || node.kind === "data_source" : isTrashed === asked;
}

function present(node: Searchable, call: Call): object {
  if (node.kind === "page") return presentPage(node, call.view);
  return presentDataSource(node, call.view);
}
