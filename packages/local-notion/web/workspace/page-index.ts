import { type Api, type Found, readAll } from "../api/api.ts";
import type { Page } from "../api/objects.ts";
import { isNotFound, messageOf } from "../api/request.ts";
import { createStore, type Store } from "../state/store.ts";
import { type PageItem, toPageItem } from "./page-item.ts";

export interface PageIndexState {
  status: "loading" | "ready" | "failed";
  problem?: string;
  items: ReadonlyMap<string, PageItem>;
  /** Pages and databases by the one they are in, oldest first; those at the top under "". */
  below: ReadonlyMap<string, readonly PageItem[]>;
}

/** A busy workspace is read again so often at most. */
const refreshPauseMs = 400;

/** All pages and databases of the workspace: what the sidebar and every link show. */
export class PageIndex {
  readonly state: Store<PageIndexState> = createStore<PageIndexState>({
    status: "loading",
    items: new Map(),
    below: new Map(),
  });
  readonly #api: Api;
  /** The page that a block is on, for pages made inside a column, toggle and the like. */
  readonly #pageOfBlock = new Map<string, Promise<string | undefined>>();
  /** Ids in the order they were first seen: creation times are of the minute only. */
  readonly #seen = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loading = false;

  constructor(api: Api) {
    this.#api = api;
  }

  refresh(): void {
    if (this.#timer !== undefined) return;
    const pauseMs = this.state.get().status === "ready" ? refreshPauseMs : 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#load();
    }, pauseMs);
  }

  /** Shows a new title at once, before the server has it. */
  rename(id: string, title: string): void {
    const item = this.state.get().items.get(id);
    if (item && item.title !== title) this.#put({ ...item, title });
  }

  /** Shows a page that was just made. */
  add(page: Page, parent: string | undefined): void {
    this.#put(toPageItem(page, parent));
  }

  /** Takes a page that was just thrown away out of the lists, with all below it. */
  remove(id: string): void {
    const items = new Map(this.state.get().items);
    for (const item of items.values()) {
      if (pathOf(items, item.id).some((above) => above.id === id)) items.delete(item.id);
    }
    items.delete(id);
    this.#show(items);
  }

  async #load(): Promise<void> {
    if (this.#loading) return this.refresh();
    this.#loading = true;
    try {
      const found = await readAll((cursor) => this.#api.search({ cursor }));
      const items = await Promise.all(
        // Oldest edits first, so that pages made in the same minute keep the order of their making.
        found
          .filter(isWhole)
          .toReversed()
          .map(async (one) => toPageItem(one, await this.#above(one))),
      );
      this.#show(new Map(items.map((item) => [item.id, item])));
    } catch (error) {
      const state = this.state.get();
      if (state.status !== "ready") {
        this.state.set({ ...state, status: "failed", problem: messageOf(error) });
      }
    } finally {
      this.#loading = false;
    }
  }

  #put(item: PageItem): void {
    this.#show(new Map(this.state.get().items).set(item.id, item));
  }

  #show(items: ReadonlyMap<string, PageItem>): void {
    const inOrder = [...items.values()].toSorted(byCreation);
    for (const { id } of inOrder) this.#seen.add(id);
    const places = new Map([...this.#seen].map((id, place) => [id, place]));
    const placeOf = (item: PageItem) => places.get(item.id) ?? 0;
    const stable = inOrder.toSorted((one, other) => placeOf(one) - placeOf(other));
    this.state.set({ status: "ready", items, below: group(items, stable) });
  }

  async #above(found: Found): Promise<string | undefined> {
    const parent = found.object === "page" ? found.parent : found.database_parent;
    switch (parent.type) {
      case "page_id":
        return parent.page_id;
      case "database_id":
      case "data_source_id":
        return parent.database_id;
      case "block_id":
        return this.#findPage(parent.block_id);
      default:
        return undefined;
    }
  }

  #findPage(blockId: string): Promise<string | undefined> {
    const known = this.#pageOfBlock.get(blockId);
    if (known) return known;
    const page = this.#climb(blockId).catch((error: unknown) => {
      this.#pageOfBlock.delete(blockId);
      if (isNotFound(error)) return undefined;
      throw error;
    });
    this.#pageOfBlock.set(blockId, page);
    return page;
  }

  async #climb(blockId: string): Promise<string | undefined> {
    const { parent } = await this.#api.block(blockId);
    if (parent.type === "page_id") return parent.page_id;
    return parent.type === "block_id" ? this.#findPage(parent.block_id) : undefined;
  }
}

/** Of what it may not read in full the API tells the id alone. */
export function isWhole(found: Found): boolean {
  return "parent" in found;
}

/** What the page is in, outermost first, and the page itself. */
export function pathOf(items: ReadonlyMap<string, PageItem>, id: string): PageItem[] {
  const path: PageItem[] = [];
  let item = items.get(id);
  while (item && !path.includes(item)) {
    path.unshift(item);
    item = item.parent === undefined ? undefined : items.get(item.parent);
  }
  return path;
}

function byCreation(one: PageItem, other: PageItem): number {
  return one.createdTime.localeCompare(other.createdTime);
}

function group(items: ReadonlyMap<string, PageItem>, inOrder: readonly PageItem[]) {
  const below = new Map<string, PageItem[]>();
  for (const item of inOrder) {
    if (item.kind === "row") continue;
    const parent = item.parent !== undefined && items.has(item.parent) ? item.parent : "";
    below.set(parent, [...(below.get(parent) ?? []), item]);
  }
  return below;
}
