import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlockNode } from "./records.ts";
import { Store } from "./store.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "local-notion-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function block(id: string, order: number, parentId = "parent"): BlockNode {
  return {
    kind: "block",
    id,
    workspaceId: "workspace",
    parentId,
    order,
    createdTime: 0,
    createdBy: "bot",
    editedTime: 0,
    editedBy: "bot",
    inTrash: false,
    type: "divider",
    content: {},
  };
}

describe("the journal", () => {
  it("brings back what was committed, without the store having been closed", () => {
    const file = join(folder, "workspace.jsonl");
    const store = new Store(file);
    store.put("nodes", block("a", 1));
    store.put("nodes", block("b", 2));
    store.commit();
    store.remove("nodes", "a");
    store.commit();
    const again = new Store(file);
    expect([...again.all("nodes")].map(({ id }) => id)).toEqual(["b"]);
    expect(again.nodes.childrenOf("parent").map(({ id }) => id)).toEqual(["b"]);
    store.close();
    again.close();
  });

  it("drops a last line that a crash cut short, and goes on after it", () => {
    const file = join(folder, "workspace.jsonl");
    const store = new Store(file);
    store.put("nodes", block("a", 1));
    store.commit();
    store.close();
    appendFileSync(file, '[["nodes","b",{"id":"b"');
    const again = new Store(file);
    again.put("nodes", block("c", 2));
    again.commit();
    again.close();
    const last = new Store(file);
    expect([...last.all("nodes")].map(({ id }) => id)).toEqual(["a", "c"]);
    last.close();
  });

  it("says which line is none of its own", () => {
    const file = join(folder, "other.jsonl");
    appendFileSync(file, "hello\n");
    expect(() => new Store(file)).toThrow("other.jsonl:1 is not a line");
  });

  it("keeps what was answered when the process is killed", async () => {
    const file = join(folder, "workspace.jsonl");
    const main = fileURLToPath(new URL("../../bin/local-notion.js", import.meta.url));
    const child = spawn(process.execPath, [main, "--port", "0", "--data", file]);
    const [output] = await once(child.stdout, "data");
    const url = /http:\/\/\S+/.exec(String(output))?.[0] ?? "";
    const minted = await fetch(`${url}/_local/tokens`, { method: "POST" });
    const { botId }: { botId: string } = JSON.parse(await minted.text());
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = new Store(file);
    expect(store.get("connections", botId)).toBeDefined();
    expect(readFileSync(file, "utf8")).not.toContain("ntn_");
    store.close();
  });
});

describe("a rollback", () => {
  it("undoes everything since the last commit", () => {
    const store = new Store();
    store.put("nodes", block("a", 1));
    store.commit();
    store.put("nodes", block("a", 5));
    store.put("nodes", block("b", 2));
    store.remove("nodes", "a");
    store.rollback();
    expect(store.get("nodes", "a")?.order).toBe(1);
    expect(store.get("nodes", "b")).toBeUndefined();
    expect(store.nodes.childrenOf("parent").map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("the order of children", () => {
  it("has room after any child, until it is spread anew", () => {
    const store = new Store();
    store.put("nodes", block("first", 1_024));
    store.put("nodes", block("last", 2_048));
    let placed = 0;
    for (let index = 0; index < 100; index += 1) {
      const [order] = store.nodes.ordersAfter("parent", "first", 1) ?? [];
      if (order === undefined) break;
      store.put("nodes", block(`n${index}`, order));
      placed += 1;
      const [first, second] = store.nodes.childrenOf("parent");
      expect([first?.id, second?.id]).toEqual(["first", `n${index}`]);
    }
    expect(placed).toBeGreaterThan(20);
    expect(placed).toBeLessThan(100);
  });

  it("follows a child to another parent", () => {
    const store = new Store();
    store.put("nodes", block("a", 1, "one"));
    store.put("nodes", block("a", 1, "two"));
    expect(store.nodes.childrenOf("one")).toEqual([]);
    expect(store.nodes.childrenOf("two").map(({ id }) => id)).toEqual(["a"]);
  });
});
