import type { Api } from "../api/api.ts";
import type { Page, Position, RichText } from "../api/objects.ts";
import { isNotFound, messageOf } from "../api/request.ts";
import { isSameText, toTextRequest } from "../rich-text/runs.ts";
import { createStore, type Store } from "../state/store.ts";
import { draftBlock, newBlockRequest, type NewBlockType, textOf } from "./block-kinds.ts";
import {
  type BlockNode,
  type BlockTree,
  childrenOf,
  emptyTree,
  insertNode,
  mergeTree,
  type Place,
  removeNode,
  rootKey,
  updateNode,
} from "./block-tree.ts";
import { loadBlocks } from "./load-blocks.ts";
import { Outbox } from "./outbox.ts";
import { titleOf, titleProperty } from "../workspace/page-item.ts";

export interface DocumentState {
  /** `database`: the id is one of a database, which is shown in another way. */
  status: "loading" | "ready" | "database" | "missing" | "failed";
  /** Why it failed, in words. */
  problem?: string;
  page?: Page;
  title: readonly RichText[];
  tree: BlockTree;
}

/** Typing is saved when it pauses for so long. */
const typingPauseMs = 700;
/** Several changes at once are read together. */
const refreshPauseMs = 150;

/**
 * One page as it is shown and edited. Edits show at once and go to the server through the outbox;
 * what others change is read from the server and merged in.
 *
 * - Nothing is merged while an edit of this page is not saved or was made during the reading: the
 *   page is then read again afterwards. So no edit is overwritten by an older state.
 * - A block made here has a key of its own until the server names it; changes queued behind its
 *   making look the id up when they are sent.
 */
export class PageDocument {
  readonly id: string;
  readonly state: Store<DocumentState> = createStore<DocumentState>({
    status: "loading",
    title: [],
    tree: emptyTree,
  });
  readonly outbox = new Outbox(() => this.refresh());
  readonly #api: Api;
  readonly #onTitle: (title: readonly RichText[]) => void;
  /** Ids and keys of the blocks made here; all others have their id as their key. */
  readonly #ids = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  #edits = 0;
  #made = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loading = false;

  constructor(id: string, api: Api, onTitle: (title: readonly RichText[]) => void) {
    this.id = id;
    this.#api = api;
    this.#onTitle = onTitle;
  }

  node(key: string): BlockNode | undefined {
    return this.state.get().tree.nodes.get(key);
  }

  /** Reads the page from the server as soon as nothing stands in the way. */
  refresh(): void {
    if (this.#timer !== undefined) return;
    const pauseMs = this.state.get().status === "ready" ? refreshPauseMs : 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#load();
    }, pauseMs);
  }

  async #load(): Promise<void> {
    // The outbox refreshes when it is done.
    if (!this.outbox.isEmpty) return;
    if (this.state.get().status === "database") return;
    if (this.#loading) return this.refresh();
    this.#loading = true;
    const edits = this.#edits;
    try {
      if (await this.#isDatabase()) {
        this.state.set({ ...this.state.get(), status: "database" });
        return;
      }
      const [page, blocks] = await Promise.all([
        this.#api.page(this.id),
        loadBlocks(this.#api, this.id),
      ]);
      if (edits !== this.#edits) return this.refresh();
      const { tree, title } = this.state.get();
      const newTitle = titleOf(page);
      this.state.set({
        status: "ready",
        page,
        title: isSameText(title, newTitle) ? title : newTitle,
        tree: mergeTree(tree, blocks, (id) => this.#keys.get(id) ?? id),
      });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#loading = false;
    }
  }

  /** What is shown as a page is one; of anything else the API says what it is. */
  async #isDatabase(): Promise<boolean> {
    if (this.state.get().status === "ready") return false;
    return (await this.#api.block(this.id)).type === "child_database";
  }

  #fail(error: unknown): void {
    const state = this.state.get();
    if (isNotFound(error)) this.state.set({ ...state, status: "missing" });
    // A page that is already shown stays; the lost connection is told elsewhere.
    else if (state.status !== "ready") {
      this.state.set({ ...state, status: "failed", problem: messageOf(error) });
    }
  }

  setTitle(title: readonly RichText[]): void {
    this.#edit({ title });
    this.#onTitle(title);
    const send = async () => {
      const { page, title: newest } = this.state.get();
      const properties = { [titleProperty(page)]: { title: toTextRequest(newest) } };
      await this.#api.updatePage(this.id, { properties });
    };
    this.outbox.add({ name: "title", send }, typingPauseMs);
  }

  setText(key: string, text: readonly RichText[]): void {
    this.#edit({ tree: updateNode(this.#tree, key, { text }) });
    const send = async () => {
      const node = this.node(key);
      if (!node?.text) return;
      const rich_text = toTextRequest(node.text);
      await this.#update(key, { [node.block.type]: { rich_text } });
    };
    this.outbox.add({ name: `text ${key}`, send }, typingPauseMs);
  }

  setCell(key: string, column: number, text: readonly RichText[]): void {
    const row = this.node(key)?.block;
    if (row?.type !== "table_row") return;
    const cells = row.table_row.cells.with(column, [...text]);
    this.#edit({ tree: updateNode(this.#tree, key, { block: { ...row, table_row: { cells } } }) });
    const send = async () => {
      const newest = this.node(key)?.block;
      if (newest?.type !== "table_row") return;
      const request = newest.table_row.cells.map(toTextRequest);
      await this.#update(key, { table_row: { cells: request } });
    };
    this.outbox.add({ name: `cells ${key}`, send }, typingPauseMs);
  }

  setChecked(key: string, checked: boolean): void {
    const block = this.node(key)?.block;
    if (block?.type !== "to_do") return;
    const to_do = { ...block.to_do, checked };
    this.#edit({ tree: updateNode(this.#tree, key, { block: { ...block, to_do } }) });
    const send = async () => {
      const newest = this.node(key)?.block;
      if (newest?.type !== "to_do") return;
      await this.#update(key, { to_do: { checked: newest.to_do.checked } });
    };
    this.outbox.add({ name: `checked ${key}`, send });
  }

  /** Adds a block and returns its key. */
  insert(type: NewBlockType, place: Place, text: readonly RichText[] = []): string {
    this.#made += 1;
    const key = draftKey(this.#made);
    const block = draftBlock(type);
    const hasText = textOf(block) !== undefined;
    const node = { key, parent: place.parent, block, text: hasText ? text : undefined };
    this.#edit({ tree: insertNode(this.#tree, { ...node, children: [] }, place) });
    this.outbox.add({ send: () => this.#create(key) });
    return key;
  }

  /** Puts a block of another type in the place of this one. The API cannot change a block's type. */
  replace(key: string, type: NewBlockType, text: readonly RichText[] = []): string {
    const parent = this.node(key)?.parent ?? rootKey;
    const made = this.insert(type, { parent, before: key }, text);
    this.remove(key);
    return made;
  }

  remove(key: string): void {
    this.#edit({ tree: removeNode(this.#tree, key) });
    const send = async () => {
      const id = this.#idOf(key);
      if (id !== undefined) await this.#api.deleteBlock(id);
    };
    this.outbox.add({ send });
  }

  /** Brings back a removed block, where the server keeps it. */
  restore(key: string): void {
    this.outbox.add({ send: () => this.#update(key, { in_trash: false }) });
  }

  get #tree(): BlockTree {
    return this.state.get().tree;
  }

  #edit(change: Partial<DocumentState>): void {
    this.#edits += 1;
    this.state.set({ ...this.state.get(), ...change });
  }

  async #create(key: string): Promise<void> {
    const node = this.node(key);
    // Removed before it was made.
    if (!node) return;
    const parentId = node.parent === rootKey ? this.id : this.#idOf(node.parent);
    if (parentId === undefined) return;
    const request = newBlockRequest(node.block, node.text);
    const { results } = await this.#api.append(parentId, request, this.#positionOf(node));
    const id = results[0]?.id;
    if (id === undefined) return;
    this.#ids.set(key, id);
    this.#keys.set(id, key);
    const newest = this.node(key);
    if (!newest) return;
    const tree = updateNode(this.#tree, key, { block: { ...newest.block, id } });
    this.state.set({ ...this.state.get(), tree });
  }

  async #update(key: string, change: object): Promise<void> {
    const id = this.#idOf(key);
    if (id !== undefined) await this.#api.updateBlock(id, change);
  }

  /** Behind the nearest block before it that the server knows. */
  #positionOf({ key, parent }: BlockNode): Position {
    const siblings = childrenOf(this.#tree, parent);
    const before = siblings.slice(0, siblings.indexOf(key));
    const id = before
      .map((sibling) => this.#idOf(sibling))
      .findLast((known) => known !== undefined);
    return id === undefined ? { type: "start" } : { type: "after_block", after_block: { id } };
  }

  #idOf(key: string): string | undefined {
    return isDraftKey(key) ? this.#ids.get(key) : key;
  }
}

const draftKey = (number: number) => `new ${number}`;
const isDraftKey = (key: string) => key.startsWith("new ");
