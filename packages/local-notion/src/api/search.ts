import type { DataSourceNode, PageNode } from "../store/records.ts";
import { object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, literal, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import type { Call, Route } from "./call.ts";
import { pageSize, paginate, presentList, startCursor, toPaging } from "./pagination.ts";
import { presentDataSource } from "./present-data-source.ts";
import { presentPage } from "./present-page.ts";
import { pageTitle } from "./titles.ts";
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
  const { view } = call;
  const isNew = isAtLeast(view.version, "2025-09-03");
  const request = parseBody(isNew ? newRequest : oldRequest, call.body ?? {});
  const found = [...view.store.all("nodes")].filter(
    (node): node is PageNode | DataSourceNode =>
      (node.kind === "page" || node.kind === "data_source") && matches(call, node, request),
  );
  const isAscending =
    request.sort && "timestamp" in request.sort && request.sort.direction === "ascending";
  found.sort(
    (a, b) =>
      (isAscending ? 1 : -1) *
      (minute(a) - minute(b) || a.createdTime - b.createdTime || a.order - b.order),
  );
  const { items, next } = paginate(found, toPaging(request));
  const type = isNew ? "page_or_data_source" : "page_or_database";
  return presentList(
    items.map((node) => present(node, call)),
    next?.id,
    type,
  );
}

function minute(node: { editedTime: number }): number {
  return Math.floor(node.editedTime / 60_000);
}

function matches(call: Call, node: PageNode | DataSourceNode, request: SearchRequest): boolean {
  const { view, instance } = call;
  const { filter } = request;
  if (filter && "value" in filter && kind[filter.value] !== node.kind) return false;
  if (!titleMatches(pageTitle(node), request.query ?? "")) return false;
  if (!isWanted(view.store.nodes.isInTrash(node), node, filter?.in_trash)) return false;
  const isIndexed = node.editedTime + instance.settings.searchLagMs <= view.clock.now();
  return isIndexed && view.canSee(node);
}

/** Unless asked about the trash, Notion leaves out trashed pages but not trashed data sources. */
function isWanted(
  isTrashed: boolean,
  node: PageNode | DataSourceNode,
  asked: boolean | undefined,
): boolean {
  return asked === undefined ? !isTrashed || node.kind === "data_source" : isTrashed === asked;
}

/** Any word of the query that begins a word of the title counts, as recorded answers show. */
export function titleMatches(title: string, query: string): boolean {
  const wanted = words(query);
  if (wanted.length === 0) return true;
  const present = words(title);
  return wanted.some((word) => present.some((one) => one.startsWith(stem(word))));
}

/** A plural finds its singular too. */
function stem(word: string): string {
  return word.length > 3 ? word.replace(/s$/, "") : word;
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter(Boolean);
}

function present(node: PageNode | DataSourceNode, call: Call): object {
  if (node.kind === "page") return presentPage(node, call.view);
  return presentDataSource(node, call.view);
}
