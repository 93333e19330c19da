import { expect, test } from "vitest";
import type { Block } from "../api/objects.ts";
import { textRun } from "../rich-text/runs.ts";
import {
  type BlockTree,
  emptyTree,
  insertNode,
  type LoadedBlock,
  mergeTree,
  removeNode,
  rootKey,
} from "./block-tree.ts";

const paragraph = (id: string, text: string): Block => ({
  id,
  type: "paragraph",
  has_children: false,
  paragraph: { rich_text: [textRun(text)], color: "default", icon: null },
});
const loaded = (id: string, children: LoadedBlock[] = [], text = id): LoadedBlock => ({
  block: paragraph(id, text),
  children,
});
const asTheirId = (id: string) => id;
const node = (key: string) => ({
  key,
  parent: rootKey,
  block: paragraph("", key),
  text: [],
  children: [],
});
const load = (...blocks: LoadedBlock[]): BlockTree => mergeTree(emptyTree, blocks, asTheirId);

test("puts a block behind, before or after all others", () => {
  let tree = load(loaded("a"), loaded("b"));
  tree = insertNode(tree, node("behind a"), { parent: rootKey, after: "a" });
  tree = insertNode(tree, node("before a"), { parent: rootKey, before: "a" });
  tree = insertNode(tree, node("last"), { parent: rootKey });
  expect(tree.roots).toEqual(["before a", "a", "behind a", "b", "last"]);
});

test("takes a block away with all that is in it", () => {
  const tree = removeNode(load(loaded("a", [loaded("b", [loaded("c")])]), loaded("d")), "b");
  expect([...tree.nodes.keys()]).toEqual(["a", "d"]);
  expect(tree.nodes.get("a")?.children).toEqual([]);
});

test("keeps the object of a block that is the same as before", () => {
  const before = load(loaded("a", [loaded("b")]), loaded("c"));
  const after = mergeTree(
    before,
    [loaded("a", [loaded("b", [], "changed")]), loaded("c")],
    asTheirId,
  );
  expect(after.nodes.get("a")).toBe(before.nodes.get("a"));
  expect(after.nodes.get("b")).not.toBe(before.nodes.get("b"));
  expect(after.roots).toBe(before.roots);
});

test("keeps the key of a block that was made here", () => {
  const before = insertNode(emptyTree, node("new 1"), { parent: rootKey });
  const after = mergeTree(before, [loaded("a")], (id) => (id === "a" ? "new 1" : id));
  expect(after.roots).toEqual(["new 1"]);
  expect(after.nodes.get("new 1")?.block.id).toBe("a");
});
