import { Journal, type Change } from "./journal.ts";
import { NodeIndex } from "./node-index.ts";
import type { Node, TableName, Tables } from "./records.ts";

const tableNames: readonly TableName[] = [
  "workspaces",
  "people",
  "apps",
  "connections",
  "codes",
  "tokens",
  "nodes",
  "comments",
  "uploads",
  "views",
  "viewQueries",
  "tasks",
  "subscriptions",
];

type Records = { [N in TableName]: Map<string, Tables[N]> };

/** Everything as it was at one moment: records are never changed in place, so these are they. */
export type StoreCopy = ReadonlyMap<TableName, ReadonlyMap<string, object>>;

type NodeListener = (before: Node | undefined, after: Node | undefined) => void;

interface Undo {
  table: TableName;
  id: string;
  before: object | undefined;
}

/** One record as it was before a commit and as it is after; undefined where it was not there. */
export interface Committed {
  table: TableName;
  id: string;
  before: object | undefined;
  after: object | undefined;
}

/**
 * Everything a workspace consists of, in memory, with an optional journal behind it.
 *
 * - Records are never changed in place: a change puts a new record.
 * - What a request changed becomes lasting with `commit` and is undone by `rollback`. Requests
 *   run their changes without waiting in between, so nobody sees half of one.
 */
export class Store {
  readonly #records: Records;
  readonly #journal: Journal | undefined;
  readonly #undo: Undo[] = [];
  readonly #nodeListeners: NodeListener[] = [];
  readonly nodes: NodeIndex;

  constructor(dataFile?: string) {
    this.#records = emptyRecords();
    this.nodes = new NodeIndex(this.#records.nodes);
    if (dataFile === undefined) return;
    this.#journal = Journal.open(dataFile, ([table, id, record]) => {
      const name = tableNames.find((known) => known === table);
      if (name) this.#apply(name, id, record);
    });
  }

  get isEmpty(): boolean {
    return this.#records.workspaces.size === 0;
  }

  get<N extends TableName>(table: N, id: string): Tables[N] | undefined {
    return this.#records[table].get(id);
  }

  all<N extends TableName>(table: N): IterableIterator<Tables[N]> {
    return this.#records[table].values();
  }

  put<N extends TableName>(table: N, record: Tables[N]): void {
    this.#replace(table, record.id, record);
  }

  remove(table: TableName, id: string): void {
    const before = this.get(table, id);
    if (!before) return;
    this.#undo.push({ table, id, before });
    this.#apply(table, id, undefined);
  }

  /**
   * Runs changes that become lasting together, or not at all when one throws. It must not wait for
   * anything: between its first change and its end no other request gets to run.
   */
  transact<T>(run: () => T): { result: T; changes: Committed[] } {
    try {
      const result = run();
      return { result, changes: this.commit() };
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Makes the changes since the last commit lasting; gives each record changed, once. */
  commit(): Committed[] {
    const first = new Map<string, Undo>();
    for (const undo of this.#undo.splice(0)) {
      const key = `${undo.table}/${undo.id}`;
      if (!first.has(key)) first.set(key, undo);
    }
    if (first.size === 0) return [];
    const changes = [...first.values()];
    this.#journal?.append(changes.map(({ table, id }) => this.#toChange(table, id)));
    if (this.#journal?.isLong) this.#journal.compact(this.#allChanges());
    return changes.map(({ table, id, before }) => ({
      table,
      id,
      before,
      after: this.get(table, id),
    }));
  }

  rollback(): void {
    for (const { table, id, before } of this.#undo.splice(0).toReversed()) {
      this.#apply(table, id, before);
    }
  }

  /** Empties every table. */
  clear(): void {
    for (const table of tableNames) {
      for (const id of this.#records[table].keys()) this.remove(table, id);
    }
  }

  /** How many records there are in all tables. */
  get size(): number {
    return tableNames.reduce((total, table) => total + this.#records[table].size, 0);
  }

  /** Calls the listener with every change of a node, those that are undone again too. */
  onNode(listener: NodeListener): void {
    this.#nodeListeners.push(listener);
  }

  copy(): StoreCopy {
    return new Map(
      tableNames.map((table) => [table, new Map<string, object>(this.#records[table])]),
    );
  }

  /** Back to a copy, by the changes that lead there; they become lasting as all changes do. */
  restore(copy: StoreCopy): void {
    for (const table of tableNames) {
      const records = copy.get(table) ?? new Map<string, object>();
      for (const id of this.#records[table].keys()) if (!records.has(id)) this.remove(table, id);
      for (const [id, record] of records) this.#replace(table, id, record);
    }
  }

  close(): void {
    this.#journal?.close();
  }

  #replace(table: TableName, id: string, record: object): void {
    const before = this.get(table, id);
    if (before === record) return;
    this.#undo.push({ table, id, before });
    this.#apply(table, id, record);
  }

  #toChange(table: TableName, id: string): Change {
    const record = this.get(table, id);
    return record ? [table, id, record] : [table, id];
  }

  *#allChanges(): Generator<Change> {
    for (const table of tableNames) {
      for (const id of this.#records[table].keys()) yield this.#toChange(table, id);
    }
  }

  #apply(table: TableName, id: string, record: object | undefined): void {
    // The border to the journal: a table holds what was put in it under the same name.
    const map = this.#records[table] as Map<string, object>;
    const before = map.get(id);
    if (record) map.set(id, record);
    else map.delete(id);
    if (table === "nodes") {
      const [was, is] = [before as Node | undefined, record as Node | undefined];
      this.nodes.follow(was, is);
      for (const listener of this.#nodeListeners) listener(was, is);
    }
  }
}

function emptyRecords(): Records {
  return {
    workspaces: new Map(),
    people: new Map(),
    apps: new Map(),
    connections: new Map(),
    codes: new Map(),
    tokens: new Map(),
    nodes: new Map(),
    comments: new Map(),
    uploads: new Map(),
    views: new Map(),
    viewQueries: new Map(),
    tasks: new Map(),
    subscriptions: new Map(),
  };
}
