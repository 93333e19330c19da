import { pageTitle } from "../../packages/local-notion/src/api/titles.ts";
import type { View } from "../../packages/local-notion/src/api/view.ts";
import {
  compareTimes,
  isSearchable,
  type Searchable,
} from "../../packages/local-notion/src/search/search-index.ts";
import { stemOf, wordsOf } from "../../packages/local-notion/src/search/title-words.ts";

/** Search without an index: every title is read, and what was found is sorted. */
export function scanTitles(view: View, query: string): Searchable[] {
  const beginnings = wordsOf(query).map(stemOf);
  return [...view.store.all("nodes")]
    .filter(isSearchable)
    .filter((node) => {
      const words = wordsOf(pageTitle(node));
      const isMeant =
        beginnings.length === 0 ||
        beginnings.some((beginning) => words.some((word) => word.startsWith(beginning)));
      return isMeant && !view.store.nodes.isInTrash(node) && view.canSee(node);
    })
    .sort((a, b) => compareTimes(b, a));
}
