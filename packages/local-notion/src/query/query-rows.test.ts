import { expect, it } from "vitest";
import { createRandom } from "../faults/random.ts";
import type { DataSourceNode, PageNode, PropertySchema } from "../store/records.ts";
import { Store } from "../store/store.ts";
import { viewOf } from "../testing/view-of.ts";
import type { Filter } from "./filter-schema.ts";
import { queryRows, scanRows, type Sort } from "./query-rows.ts";

const random = createRandom(7);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const minute = 60_000;
const options = ["Low", "High", "Top"].map((name, index) => ({ id: `o${index}`, name }));
const schema: PropertySchema[] = (
  [
    ["title", "title", {}],
    ["n", "number", {}],
    ["s", "select", { options }],
    ["c", "checkbox", {}],
    ["d", "date", {}],
    ["f", "formula", { expression: "{{property:n}} * 2" }],
  ] as const
).map(([id, type, config]) => ({ id, name: id, description: null, type, config }));

const base = { workspaceId: "w", createdBy: "u", editedBy: "u", inTrash: false };
const source: DataSourceNode = {
  kind: "data_source",
  ...base,
  id: "source",
  parentId: "database",
  order: 0,
  createdTime: 0,
  editedTime: 0,
  title: [],
  icon: null,
  schema,
  nextNumber: 1,
};

function makeRow(index: number): PageNode {
  const day = `2026-0${1 + (index % 9)}-1${index % 10}`;
  return {
    kind: "page",
    ...base,
    inTrash: random() < 0.1,
    id: `row-${index}`,
    parentId: "source",
    order: (index + 1) * 1_024,
    createdTime: index * minute,
    editedTime: Math.floor(random() * 50) * minute,
    icon: null,
    cover: null,
    isLocked: false,
    isArchived: false,
    properties: {
      title: {
        type: "title",
        value: [{ type: "text", text: { content: pick(["b", "B", "a", "ä", ""]), link: null } }],
      },
      n: { type: "number", value: pick([null, 0, 1, 2, 3, 50]) },
      s: { type: "select", value: pick([null, "o0", "o1", "o2"]) },
      c: { type: "checkbox", value: random() < 0.1 },
      d: { type: "date", value: pick([null, { start: day, end: null, time_zone: null }]) },
    },
  };
}

const filters: (Filter | undefined)[] = [
  undefined,
  { property: "s", select: { equals: "High" } },
  { property: "s", select: { equals: "Unknown" } },
  { property: "n", number: { greater_than: 2 } },
  { property: "n", number: { less_than_or_equal_to: 0 } },
  { property: "n", number: { is_empty: true } },
  { property: "c", checkbox: { equals: true } },
  { property: "d", date: { on_or_after: "2026-08-01" } },
  { property: "d", date: { before: "2026-02-01" } },
  { timestamp: "last_edited_time", last_edited_time: { after: "1970-01-01T00:45:00Z" } },
  { property: "f", formula: { number: { equals: 100 } } },
  {
    and: [
      { property: "s", select: { equals: "Top" } },
      {
        or: [
          { property: "n", number: { equals: 50 } },
          { property: "title", title: { is_empty: true } },
        ],
      },
    ],
  },
];
const up = "ascending";
const down = "descending";
const sortings: Sort[][] = [
  [],
  [{ property: "n", direction: up }],
  [{ property: "n", direction: down }],
  [
    { property: "s", direction: down },
    { property: "title", direction: up },
  ],
  [
    { property: "c", direction: up },
    { timestamp: "created_time", direction: up },
  ],
  [{ property: "d", direction: down }],
  [{ timestamp: "last_edited_time", direction: down }],
  [
    { property: "f", direction: up },
    { property: "n", direction: down },
  ],
];

it("finds the same rows in the same order as looking at each, whatever changes", () => {
  const store = new Store();
  store.put("nodes", source);
  for (let index = 0; index < 200; index += 1) store.put("nodes", makeRow(index));
  const view = viewOf(store, 0);
  const compareAll = (): number => {
    let found = 0;
    const now = store.get("nodes", "source");
    if (now?.kind !== "data_source") throw new Error("The source is gone.");
    for (const filter of filters) {
      for (const sorts of sortings) {
        for (const inTrash of [false, true]) {
          const query = { filter, sorts, inTrash };
          const ids = [...queryRows(now, query, view)].map(({ id }) => id);
          expect(ids).toEqual(scanRows(now, query, view).map(({ id }) => id));
          found += ids.length;
        }
      }
    }
    return found;
  };
  expect(compareAll()).toBeGreaterThan(1_000);
  for (let index = 0; index < 60; index += 1) {
    const id = Math.floor(random() * 220);
    store.put("nodes", { ...makeRow(id), ...(index % 7 === 0 ? { parentId: "elsewhere" } : {}) });
    if (index % 5 === 0) store.remove("nodes", `row-${Math.floor(random() * 220)}`);
    if (index === 30) store.commit();
  }
  compareAll();
  store.rollback();
  compareAll();
  const reordered = schema.map((column) =>
    column.id === "s" ? { ...column, config: { options: options.toReversed() } } : column,
  );
  store.put("nodes", { ...source, schema: reordered });
  compareAll();
});
