import type { DefinitionInput } from "@tenon/workflow";
import { notion } from "@tenon/notion";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, subscribe, type Workspace } from "../notion-workspace.ts";
import type { TestTenon } from "../test-tenon.ts";
import { connectAccount } from "../connect-account.ts";
import { createWorkflowRig, startDescribedTenon, type WorkflowRig } from "../workflows.ts";

// Many requests with one connection in one minute: its published limit would be waited for.
notion.api.rateLimit = { requests: 1_000_000, windowMs: 60_000 };

let tenon: TestTenon;
let rig: WorkflowRig;
let workspace: Workspace;
let users = 0;

beforeAll(async () => {
  tenon = await startDescribedTenon({ environment: { TENON_POLL_SECONDS: "0.2,0.2,0.2" } });
  rig = createWorkflowRig(tenon);
  workspace = await openWorkspace(tenon.localNotion.url);
  await workspace.configure({ webhooks: { aggregationMs: 20 } });
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

/** Runs when something happens, and does nothing. */
function on(trigger: string, more: object = {}): DefinitionInput {
  return { trigger: { id: "start", type: "integration", trigger, ...more }, steps: [] };
}

/** A connected user of their own with a workflow that waits for a trigger. */
async function listen(trigger: string, more: object = {}, known?: string) {
  const userId = known ?? `user-${(users += 1)}`;
  if (known === undefined) await rig.connect(userId);
  const workflowId = await rig.deploy(`On ${trigger}`, on(trigger, more));
  await rig.enable(workflowId, userId);
  return { userId, workflowId, runs: () => runsOf(workflowId) };
}

async function runsOf(workflowId: string): Promise<any[]> {
  const path = `${rig.base}/runs?workflowId=${workflowId}&limit=100`;
  const { runs } = await tenon.manage("GET", path);
  return Promise.all(
    runs
      .toReversed()
      .map(({ id }: { id: string }) => tenon.manage("GET", `${rig.base}/runs/${id}`)),
  );
}

/** Which pages runs were started for, in their order. */
async function pagesOf(listener: { runs(): Promise<any[]> }): Promise<string[]> {
  return (await listener.runs()).map((run) => run.input.result.id);
}

/** Long enough for two polls and every webhook under way. */
async function settle(): Promise<void> {
  await workspace.flush();
  const userId = `settle-${(users += 1)}`;
  const marker = await listenAs(userId);
  await workspace.createPage("Marker");
  await workspace.flush();
  await expect.poll(async () => (await runsOf(marker)).length).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 600));
}

async function listenAs(userId: string): Promise<string> {
  await rig.connect(userId);
  const workflowId = await rig.deploy("Marker", on("page-created"));
  await rig.enable(workflowId, userId);
  return workflowId;
}

describe.each(["polls alone", "webhooks"])("with %s", (way) => {
  beforeAll(async () => {
    if (way === "webhooks") await subscribe(workspace, tenon);
  });

  it("a new page starts one run of Page Created, with the page", async () => {
    await workspace.createPage("Old");
    const listener = await listen("page-created");
    const pageId = await workspace.createPage("New");
    await expect.poll(() => pagesOf(listener)).toEqual([pageId]);
    const [run] = await listener.runs();
    expect(run.input.result).toMatchObject({ object: "page", id: pageId });
    expect(run.input.result.properties.title.title[0].plain_text).toBe("New");
    expect(run.input.event).toMatchObject({ changes: ["created"] });
    expect(run).toMatchObject({ triggerType: "integration", userId: listener.userId });
    await settle();
    expect((await pagesOf(listener)).filter((id) => id === pageId)).toHaveLength(1);
  });

  it("each edit is followed by one run of Page Updated that sees it", async () => {
    const pageId = await workspace.createPage("Draft");
    const listener = await listen("page-updated");
    await workspace.rename(pageId, "Second");
    await expect.poll(async () => (await listener.runs()).length).toBe(1);
    await settle();
    const [first] = await listener.runs();
    expect(first.input.result.properties.title.title[0].plain_text).toBe("Second");
    expect((await pagesOf(listener)).filter((id) => id === pageId)).toEqual([pageId]);
    await workspace.append(pageId, "Some text");
    if (way === "webhooks") {
      const own = async () => (await pagesOf(listener)).filter((id) => id === pageId);
      await expect.poll(own).toHaveLength(2);
      await settle();
      expect(await own()).toHaveLength(2);
    }
  });

  it("enabling tells nothing of what was there before", async () => {
    const pageId = await workspace.createPage("Before");
    await workspace.rename(pageId, "Still before");
    await workspace.append(pageId, "Before as well");
    const created = await listen("page-created");
    const updated = await listen("page-updated");
    await settle();
    expect(await pagesOf(created)).not.toContain(pageId);
    expect(await pagesOf(updated)).not.toContain(pageId);
  });

  it("what happened while a workflow was disabled is left out, or caught up with where it asks", async () => {
    const skips = await listen("page-created");
    const catches = await listen("page-created", { afterPause: "catchUp" });
    const before = await workspace.createPage("Before the pause");
    await expect.poll(() => pagesOf(skips)).toEqual([before]);
    await expect.poll(() => pagesOf(catches)).toEqual([before]);
    for (const { workflowId, userId } of [skips, catches]) {
      const path = `${rig.base}/users/${userId}/workflows/${workflowId}`;
      await tenon.manage("PUT", path, { enabled: false });
    }
    const meanwhile = await workspace.createPage("Meanwhile");
    await settle();
    expect(await pagesOf(skips)).toEqual([before]);
    expect(await pagesOf(catches)).toEqual([before]);
    for (const { workflowId, userId } of [skips, catches]) await rig.enable(workflowId, userId);
    await expect.poll(() => pagesOf(catches)).toContain(meanwhile);
    const after = await workspace.createPage("After the pause");
    await expect.poll(() => pagesOf(skips)).toContain(after);
    await settle();
    expect(await pagesOf(skips)).not.toContain(meanwhile);
    for (const pageId of [before, meanwhile, after]) {
      expect((await pagesOf(catches)).filter((id) => id === pageId)).toHaveLength(1);
    }
  });

  it("a deployment in between loses nothing and doubles nothing", async () => {
    const listener = await listen("page-created");
    const first = await workspace.createPage("First");
    await tenon.manage("POST", `${rig.base}/workflows/${listener.workflowId}/deploy`);
    const second = await workspace.createPage("Second");
    await expect.poll(async () => (await pagesOf(listener)).length).toBe(2);
    await settle();
    const pages = await pagesOf(listener);
    for (const pageId of [first, second]) {
      expect(pages.filter((id) => id === pageId)).toHaveLength(1);
    }
  });

  it("what happened while the account did not work is told when it is connected again", async () => {
    const listener = await listen("page-created");
    const first = await workspace.createPage("While it works");
    await expect.poll(() => pagesOf(listener)).toEqual([first]);
    const { connections } = await tenon.manage("GET", `${rig.base}/users/${listener.userId}`);
    await tenon.database.pool.query(
      "update connections set status = 'INVALID', invalid_reason = 'Test' where id = $1",
      [connections[0].id],
    );
    const meanwhile = await workspace.createPage("While it does not");
    await settle();
    expect(await pagesOf(listener)).toEqual([first]);
    const { status } = await connectAccount(tenon, { userId: listener.userId });
    expect(status).toBe(200);
    await expect.poll(() => pagesOf(listener)).toContain(meanwhile);
  });

  it("a condition of the trigger keeps runs from starting", async () => {
    const listener = await listen("page-created", {
      condition: {
        operator: "$stringStartsWith",
        variable: "{{start.result.properties.title.title[0].plain_text}}",
        argument: "Order",
      },
    });
    await workspace.createPage("Something else");
    const order = await workspace.createPage("Order 7");
    await expect.poll(() => pagesOf(listener)).toEqual([order]);
    await settle();
    expect(await pagesOf(listener)).toEqual([order]);
  });

  it("a trigger can be narrowed to a page with all below it", async () => {
    const inside = await workspace.createPage("Inside");
    const listener = await listen("page-created", { input: { parent: inside } });
    await workspace.createPage("Outside");
    const child = await workspace.createPage("Child", { page_id: inside });
    const grandchild = await workspace.createPage("Grandchild", { page_id: child });
    await expect
      .poll(async () => (await pagesOf(listener)).toSorted())
      .toEqual([child, grandchild].toSorted());
    await settle();
    expect(await pagesOf(listener)).toHaveLength(2);
  });

  it("a trigger can be narrowed to a data source", async () => {
    const database = await workspace.api("POST", "/databases", {
      parent: { page_id: workspace.rootId },
      title: [{ text: { content: "Tasks" } }],
      initial_data_source: { properties: { Name: { title: {} }, Done: { checkbox: {} } } },
    });
    const dataSource = database.data_sources[0].id;
    const input = { dataSource };
    const created = await listen("data-source-item-created", { input });
    const updated = await listen("data-source-item-updated", { input }, created.userId);
    const properties = { Name: { title: [{ text: { content: "Item" } }] } };
    const parent = { data_source_id: dataSource };
    const { id } = await workspace.api("POST", "/pages", { parent, properties });
    const other = await workspace.createPage("No item");
    await expect.poll(() => pagesOf(created)).toEqual([id]);
    await workspace.api("PATCH", `/pages/${id}`, { properties: { Done: { checkbox: true } } });
    await workspace.rename(other, "No item either");
    await expect.poll(() => pagesOf(updated)).toEqual([id]);
    const [run] = await updated.runs();
    expect(run.input.event.details.properties).toMatchObject([{ name: "Done" }]);
    await settle();
    expect([await pagesOf(created), await pagesOf(updated)]).toEqual([[id], [id]]);
  });

  it("a comment starts what waits for comments, once", async () => {
    const pageId = await workspace.createPage("Discussed");
    // Without a page Notion cannot be asked for comments: its events tell.
    const input = way === "webhooks" ? {} : { page: pageId };
    const listener = await listen("comment-added", { input });
    const { id } = await workspace.api("POST", "/comments", {
      parent: { page_id: pageId },
      rich_text: [{ text: { content: "Really?" } }],
    });
    await expect.poll(() => pagesOf(listener)).toEqual([id]);
    await settle();
    expect(await pagesOf(listener)).toEqual([id]);
    expect((await listener.runs())[0].input.result).toMatchObject({ object: "comment" });
  });

  it("pages that are moved, thrown away and restored start what waits for that, and no update", async () => {
    const [place, pageId] = [await workspace.createPage("Place"), await workspace.createPage("It")];
    // Of one account: what one of them was told of, it has seen.
    const moved = await listen("page-moved");
    const deleted = await listen("page-deleted", {}, moved.userId);
    const restored = await listen("page-restored", {}, moved.userId);
    const listeners = { moved, deleted, restored };
    const own = async (name: keyof typeof listeners) =>
      (await pagesOf(listeners[name])).filter((id) => id === pageId).length;
    await workspace.api("POST", `/pages/${pageId}/move`, { parent: { page_id: place } });
    await expect.poll(() => own("moved")).toBe(1);
    await workspace.trash(pageId);
    await expect.poll(() => own("deleted")).toBe(1);
    await workspace.restore(pageId);
    await expect.poll(() => own("restored")).toBe(1);
    await settle();
    expect([await own("moved"), await own("deleted"), await own("restored")]).toEqual([1, 1, 1]);
  });

  it("a page that the provider cannot show keeps no other from being told, and is told later", async () => {
    const [stuck, fine] = [await workspace.createPage("Stuck"), await workspace.createPage("Fine")];
    const listener = await listen("page-updated");
    const own = async (pageId: string) =>
      (await pagesOf(listener)).filter((id) => id === pageId).length;
    // What a person sees of it goes through as well: the fault strikes the account alone.
    const connections: any[] = await workspace.control("GET", "/connections");
    for (const { id } of connections) {
      await workspace.control("POST", "/faults", {
        path: `/v1/pages/${stuck}`,
        connectionId: id,
        // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's name for it; nobody awaits it
        then: { status: 500 },
      });
    }
    await workspace.rename(stuck, "Stuck for a while");
    await workspace.rename(fine, "Fine and told");
    await expect.poll(() => own(fine)).toBeGreaterThan(0);
    expect(await own(stuck)).toBe(0);
    await workspace.control("DELETE", "/faults");
    await expect.poll(() => own(stuck), { timeout: 25_000 }).toBe(1);
  });

  it("a test without an input works on the page that was changed last", async () => {
    const { userId, workflowId } = await listen("page-updated");
    const pageId = await workspace.createPage("Changed last");
    const path = `${rig.base}/workflows/${workflowId}/test`;
    const { runId } = await tenon.manage("POST", path, { account: { userId } });
    const run = await rig.waitForEnd(runId);
    expect(run.input.result).toMatchObject({ object: "page" });
    expect(run.input.event.changes).toContain("content");
    expect(await pagesOf({ runs: async () => [run] })).toEqual([pageId]);
  });

  it("changes that the connection itself made start nothing where that is asked for", async () => {
    const all = await listen("page-created");
    const others = await listen("page-created", { ignoreOwn: true });
    const { connections } = await tenon.manage("GET", `${rig.base}/users/${others.userId}`);
    const token = await tenon.signToken(others.userId);
    const made = await tenon.call(`/projects/${tenon.projectId}/sdk/proxy/notion/v1/pages`, {
      token,
      method: "POST",
      body: {
        parent: { page_id: workspace.rootId },
        properties: { title: { title: [{ text: { content: "Own" } }] } },
      },
      headers: { "x-paragon-credential": connections[0].id },
    });
    const own = made.body.output.id;
    const foreign = await workspace.createPage("Foreign");
    await expect.poll(() => pagesOf(others)).toContain(foreign);
    await expect.poll(() => pagesOf(all)).toContain(own);
    await settle();
    expect(await pagesOf(others)).not.toContain(own);
  });
});

it("nobody waits for a slow provider in order to enable a workflow", async () => {
  const userId = `user-${(users += 1)}`;
  await rig.connect(userId);
  const workflowId = await rig.deploy("Patient", on("page-created"));
  const slow = { path: "/v1/search", times: 1_000 };
  // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's name for it; nobody awaits it
  await workspace.control("POST", "/faults", { ...slow, then: { delayMs: 15_000 } });
  try {
    await rig.enable(workflowId, userId);
    const requests: any[] = await workspace.control("GET", "/requests");
    const searches = requests.filter(({ path }) => path === "/v1/search");
    // The look that enabling began has no answer yet.
    expect(searches.at(-1).status).toBeNull();
  } finally {
    await workspace.control("DELETE", "/faults");
  }
  const pageId = await workspace.createPage("Told in the end");
  const told = async () => (await pagesOf({ runs: () => runsOf(workflowId) })).includes(pageId);
  await expect.poll(told, { timeout: 25_000 }).toBe(true);
}, 60_000);
