import type { Filter } from "../../packages/local-notion/src/query/filter-schema.ts";
import type { Sort } from "../../packages/local-notion/src/query/query-rows.ts";

/** What is asked of the workspace: requests as clients make them. */
export interface QueryQuestion {
  label: string;
  filter?: Filter;
  sorts: Sort[];
}

export const queries: QueryQuestion[] = [
  { label: "query, newest first", sorts: [] },
  {
    label: "query, filter and sort",
    filter: {
      and: [
        { property: "Stage", select: { equals: "Planned" } },
        { property: "Urgent", checkbox: { equals: true } },
      ],
    },
    sorts: [{ property: "Due", direction: "descending" }],
  },
  {
    label: "query, few rows of a range, sorted",
    filter: { property: "Points", number: { greater_than: 9_950 } },
    sorts: [{ property: "title", direction: "ascending" }],
  },
  {
    label: "query, edited lately",
    filter: { timestamp: "last_edited_time", last_edited_time: { on_or_after: "2026-03-09" } },
    sorts: [{ timestamp: "last_edited_time", direction: "descending" }],
  },
];

export const searches: { label: string; query: string }[] = [
  { label: "search, one page", query: "99123" },
  { label: "search, a word of a quarter of all", query: "invoice" },
  { label: "search, no word, last edited first", query: "" },
];
