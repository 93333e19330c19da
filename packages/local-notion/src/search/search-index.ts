import { pageTitle } from "../api/titles.ts";
import { SortedList } from "../store/sorted-list.ts";
import type { DataSourceNode, Node, PageNode } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { stemOf, wordsOf } from "./title-words.ts";

/** What search can find. */
export type Searchable = PageNode | DataSourceNode;

const known = new WeakMap<Store, SearchIndex>();

/** The index of a store: made when it is first searched, kept with it from then on. */
export function searchIndexOf(store: Store): SearchIndex {
  const index = known.get(store) ?? new SearchIndex(store);
  known.set(store, index);
  return index;
}

/** The pages and data sources of each workspace by the words of their titles and by time. */
class SearchIndex {
  readonly #workspaces = new Map<string, WorkspaceIndex>();

  constructor(store: Store) {
    const all = [...store.all("nodes")].filter(isSearchable);
    for (const [id, nodes] of Map.groupBy(all, ({ workspaceId }) => workspaceId)) {
      this.#workspaces.set(id, new WorkspaceIndex(nodes));
    }
    store.onNode((before, after) => {
      if (before && isSearchable(before)) this.#of(before).forget(before);
      if (after && isSearchable(after)) this.#of(after).learn(after);
    });
  }

  /** All there is in a workspace, the last edited last. */
  byTime(workspaceId: string): SortedList<Searchable> {
    return this.#of({ workspaceId }).byTime;
  }

  /** What has a word in its title that a word of the query begins; undefined without any word. */
  find(workspaceId: string, query: string): ReadonlySet<string> | undefined {
    const words = wordsOf(query);
    if (words.length === 0) return undefined;
    return this.#of({ workspaceId }).withWords(words.map(stemOf));
  }

  #of({ workspaceId }: { workspaceId: string }): WorkspaceIndex {
    const index = this.#workspaces.get(workspaceId) ?? new WorkspaceIndex([]);
    this.#workspaces.set(workspaceId, index);
    return index;
  }
}

export function isSearchable(node: Node): node is Searchable {
  return node.kind === "page" || node.kind === "data_source";
}

/** Words are kept by how they begin, so that few are looked at for the beginning of one. */
const drawerLetters = 3;

class WorkspaceIndex {
  readonly byTime: SortedList<Searchable>;
  readonly #drawers = new Map<string, Map<string, Set<string>>>();

  constructor(nodes: readonly Searchable[]) {
    this.byTime = new SortedList(nodes, compareTimes);
    for (const node of nodes) this.#file(node);
  }

  learn(node: Searchable): void {
    this.byTime.add(node);
    this.#file(node);
  }

  forget(node: Searchable): void {
    this.byTime.remove(node);
    for (const word of wordsOf(pageTitle(node))) {
      const drawer = this.#drawers.get(word.slice(0, drawerLetters));
      const ids = drawer?.get(word);
      ids?.delete(node.id);
      if (ids?.size === 0) drawer?.delete(word);
    }
  }

  withWords(beginnings: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const ids of beginnings.flatMap((one) => this.#idsOf(one))) {
      for (const id of ids) found.add(id);
    }
    return found;
  }

  #idsOf(beginning: string): ReadonlySet<string>[] {
    return [...this.#wordsNear(beginning)]
      .filter(([word]) => word.startsWith(beginning))
      .map(([, ids]) => ids);
  }

  *#wordsNear(beginning: string): Generator<[string, ReadonlySet<string>]> {
    const name = beginning.slice(0, drawerLetters);
    if (name.length === drawerLetters) {
      yield* this.#drawers.get(name) ?? [];
      return;
    }
    for (const [other, drawer] of this.#drawers) if (other.startsWith(name)) yield* drawer;
  }

  #file(node: Searchable): void {
    for (const word of wordsOf(pageTitle(node))) {
      const name = word.slice(0, drawerLetters);
      const drawer = this.#drawers.get(name) ?? new Map<string, Set<string>>();
      this.#drawers.set(name, drawer);
      const ids = drawer.get(word) ?? new Set<string>();
      drawer.set(word, ids.add(node.id));
    }
  }
}

/** Times of edits are of the minute; within one, what was made later comes later. */
export function compareTimes(a: Searchable, b: Searchable): number {
  return (
    minuteOf(a) - minuteOf(b) ||
    a.createdTime - b.createdTime ||
    a.order - b.order ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

function minuteOf({ editedTime }: Searchable): number {
  return Math.floor(editedTime / 60_000);
}
