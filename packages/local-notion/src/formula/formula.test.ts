import { expect, it } from "vitest";
import { createView } from "../api/view.ts";
import { allCapabilities } from "../oauth/development-app.ts";
import { computeFormula } from "../properties/formula.ts";
import { plainValue } from "../properties/plain-value.ts";
import { toStoredFormula } from "../properties/formula-source.ts";
import type { PageNode, PropertySchema } from "../store/records.ts";
import { Store } from "../store/store.ts";

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
  const connection = {
    id: "bot",
    appId: "app",
    workspaceId: "w",
    personId: null,
    shared: "all" as const,
    createdTime: 0,
    grantedTime: 0,
    revokedTime: null,
  };
  const app = {
    id: "app",
    name: "App",
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: allCapabilities,
  };
  const view = createView({
    store,
    clock: { now: () => Date.parse("2026-06-17T12:00:00Z") },
    version: "2026-03-11",
    connection,
    app,
    publicUrl: "",
    fileLinks: { create: () => "", isGood: () => true },
  });
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
])("%s comes to %j", (expression, value) => {
  expect(compute(expression)).toEqual(value);
});
