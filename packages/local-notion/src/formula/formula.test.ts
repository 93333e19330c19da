import { expect, it } from "vitest";
import { computeFormula } from "../properties/formula.ts";
import { plainValue } from "../properties/plain-value.ts";
import { toStoredFormula } from "../properties/formula-source.ts";
import type { PageNode, PropertySchema } from "../store/records.ts";
import { Store } from "../store/store.ts";
import { viewOf } from "../testing/view-of.ts";

const base = {
  workspaceId: "w",
  order: 0,
  createdTime: 0,
  createdBy: "u",
  editedTime: 0,
  editedBy: "u",
  inTrash: false,
};
const columns: PropertySchema[] = [
  { id: "title", name: "Name", description: null, type: "title", config: {} },
  { id: "n;1", name: "Count", description: null, type: "number", config: {} },
  { id: "e", name: "Empty", description: null, type: "number", config: {} },
  { id: "d", name: "Due", description: null, type: "date", config: {} },
];
const row: PageNode = {
  kind: "page",
  ...base,
  id: "row",
  parentId: "source",
  icon: null,
  cover: null,
  isLocked: false,
  isArchived: false,
  properties: {
    title: {
      type: "title",
      value: [{ type: "text", text: { content: "Plan", link: null }, annotations: {} }],
    },
    "n;1": { type: "number", value: 4 },
    d: { type: "date", value: { start: "2026-06-20", end: null, time_zone: null } },
  },
};

function compute(expression: string): unknown {
  const store = new Store();
  const self: PropertySchema = {
    id: "f",
    name: "F",
    description: null,
    type: "formula",
    config: { expression: toStoredFormula(expression, columns) },
  };
  store.put("nodes", {
    kind: "data_source",
    ...base,
    id: "source",
    parentId: "database",
    title: [],
    icon: null,
    schema: [...columns, self],
    nextNumber: 1,
  });
  store.put("nodes", row);
  const view = viewOf(store, Date.parse("2026-06-17T12:00:00Z"));
  const computed = computeFormula(
    { page: row, column: self, sourceId: "source", view },
    plainValue,
  );
  return computed[computed.type];
}

it.each([
  ['prop("Count") * 2 + 1', 9],
  ['prop("Name") + " " + format(prop("Count"))', "Plan 4"],
  ['if(prop("Count") > 3, "many", "few")', "many"],
  ['prop("Count") > 3 ? "many" : "few"', "many"],
  ['not empty(prop("Name")) and true', true],
  ['dateBetween(prop("Due"), now(), "days")', 2],
  ['formatDate(prop("Due"), "MMM D, YYYY")', "Jun 20, 2026"],
  ['dateAdd(prop("Due"), 1, "months")', { start: "2026-07-20", end: null, time_zone: null }],
  ["2 ^ 3 ^ 1 - -1", 9],
  ["(1 + 2) * 3 % 5", 4],
  ['"a,b".split(",").length()', 2],
  ['replaceAll("a-b-c", "-", "+")', "a+b+c"],
  ['ifs(false, 1, prop("Count") == 4, 2, 3)', 2],
  ["1 / 0", null],
  ['prop("Empty") * 2', 0],
  ["=1 + 1", null],
  ['prop("F")', null],
  ["(1 +", null],
  ['[1, 2, 3].map(current * 2 + index).join("-")', "2-5-8"],
  ['let(days, prop("Count") * 7, days + days / 7)', 32],
  ["lets(a, 2, b, a + 1, a * b)", 6],
  ["let(current, 5, [1].map(current).first() + current)", 6],
  ["[1, 2, 3, 4].filter(current % 2 == 0).sum()", 6],
  ['[1, 2, 3].filter(index > 0).map(let(x, current, x * x)).join(",")', "4,9"],
  ['["a", "bb", "ccc"].find(current.length() > 1)', "bb"],
  ["[1, 2].find(current > 5)", null],
  ["[3, 4, 5].findIndex(current == 5)", 2],
  ["findIndex([3], current == 5)", -1],
  ["some([1, 2], current > 1) and not every([1, 2], current > 1)", true],
  ["[].every(current)", true],
  ["[3, 1, 2].sort().join()", "123"],
  ['["ccc", "a", "bb"].sort(-current.length()).join(",")', "ccc,bb,a"],
  ["[1, 2, 3].reverse().first()", 3],
  ['"b,a,b".split(",").unique().join("")', "ba"],
  ["includes([1, 2], 2) and not includes([1, 2], 3)", true],
  ["[1, [2, [3]]].flat().length()", 3],
  ["[5, 6, 7].at(-1) + [5, 6, 7].last() + [5, 6, 7].at(9)", 14],
  ['[1, 2, 3, 4].slice(1, 3).join(",")', "2,3"],
  ["concat([1], [2, 3], [4]).length()", 4],
  ["sum([1, 2], 3) + min([4, 5]) + max([6, 7]) + mean([1, 3]) + median([1, 9, 5])", 24],
  ["[1, 2, 2].count()", 3],
  ['"a1b22".match("[0-9]+").join(" ")', "1 22"],
  ['padStart("7", 3, "0")', "007"],
  ['style("bold", "b", "red")', "bold"],
  ["let(1, 2, 3)", null],
  ["constructor()", null],
])("%s comes to %j", (expression, value) => {
  expect(compute(expression)).toEqual(value);
});
