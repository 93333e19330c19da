import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DefinitionInput } from "@tenon/workflow";
import { expect } from "vitest";
import { createNotionAccess } from "../notion-workspace.ts";
import type { TestTenon } from "../test-tenon.ts";
import { createWorkflowRig } from "../workflows.ts";
import { notion } from "@tenon/notion";

// Many requests with one connection in one minute: its published limit would be waited for. Local
// Notion's own is off as well.
notion.api.rateLimit = { requests: 1_000_000, windowMs: 60_000 };

export type StepInput = NonNullable<DefinitionInput["steps"]>[number];

/** A block as Notion answers it, as far as tests look at it. */
interface Block {
  id: string;
  type: string;
  paragraph?: { rich_text: { plain_text: string }[] };
}

/** A Local Notion: its controls, and its workspace as one who sees all of it does. */
export function createNotionRig(url: string) {
  const { control, api, forgetToken } = createNotionAccess(
    url,
    async (ask) => (await ask("POST", "/tokens", {})).token,
  );

  async function childrenOf(id: string): Promise<Block[]> {
    const blocks: Block[] = [];
    let cursor = "";
    do {
      const page = await api("GET", `/blocks/${id}/children?page_size=100${cursor}`);
      blocks.push(...page.results);
      cursor = page.has_more ? `&start_cursor=${page.next_cursor}` : "";
    } while (cursor !== "");
    return blocks;
  }

  return {
    childrenOf,
    /** Lets requests fail; `then` says how. */
    fault: (rule: Record<string, unknown>, outcome: Record<string, unknown>) =>
      // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's name for it; nobody awaits it
      control("POST", "/faults", { ...rule, then: outcome }),
    /** How many requests a path's faults have struck. */
    async countStruck(path: string): Promise<number> {
      const faults: { path: string; struck: number }[] = await control("GET", "/faults");
      return faults.filter((one) => one.path === path).reduce((sum, one) => sum + one.struck, 0);
    },
    clearFaults: () => control("DELETE", "/faults"),
    configure: (settings: Record<string, unknown>) => control("PATCH", "/settings", settings),
    /** Takes away what a person granted, as they would in Notion's settings. */
    async revokeAll(): Promise<void> {
      for (const { id } of await control("GET", "/connections")) {
        await control("DELETE", `/connections/${id}`);
      }
      forgetToken();
    },
    /** A page that every account sees. */
    async findRoot(): Promise<string> {
      const { results } = await api("POST", "/search", {
        filter: { property: "object", value: "page" },
      });
      return results.find((one: any) => one.parent.type === "workspace").id;
    },
    async makePage(parent: string, title: string, children: unknown[] = []): Promise<string> {
      const properties = { title: { title: [{ text: { content: title } }] } };
      const { id } = await api("POST", "/pages", {
        parent: { page_id: parent },
        properties,
        children,
      });
      return id;
    },
    /** The texts of the paragraphs on a page, in order. */
    async textsOn(pageId: string): Promise<string[]> {
      const blocks = await childrenOf(pageId);
      return blocks.map((block) =>
        (block.paragraph?.rich_text ?? []).map((one) => one.plain_text).join(""),
      );
    },
    /** The titles of the pages right below a page. */
    async titlesBelow(pageId: string): Promise<string[]> {
      const blocks = await childrenOf(pageId);
      return blocks.flatMap((block: any) => block.child_page?.title ?? []);
    },
  };
}

export type NotionRig = ReturnType<typeof createNotionRig>;

export function paragraph(content: string) {
  return { type: "paragraph", paragraph: { rich_text: [{ text: { content } }] } };
}

/** A server whose answers wait until the test lets them go. */
export async function startGate() {
  const held = new Map<string, ServerResponse[]>();
  const open = new Set<string>();
  const server = createServer((request, response) => {
    const name = (request.url ?? "").slice(1);
    request.resume();
    held.set(name, [...(held.get(name) ?? []), response]);
    if (open.has(name)) response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const count = (name: string) => held.get(name)?.length ?? 0;
  return {
    url: `http://127.0.0.1:${port}`,
    /** How many have asked at all. */
    count,
    async waitFor(name: string, asked = 1): Promise<void> {
      await expect.poll(() => count(name)).toBe(asked);
    },
    /** Answers who waits, and from now on everyone. */
    open(name: string): void {
      open.add(name);
      for (const response of held.get(name) ?? []) response.end("{}");
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Workflows of tests that start with an app event of their own. */
export function createRuns(tenon: TestTenon) {
  const rig = createWorkflowRig(tenon);
  let events = 0;

  async function deploy(steps: StepInput[], userIds: string[] = ["ada"]) {
    const event = `Event ${++events}`;
    await tenon.manage("POST", `${rig.base}/app-events`, { name: event });
    const workflowId = await rig.deploy(`On ${event}`, onEvent(event, steps));
    for (const userId of userIds) await rig.enable(workflowId, userId);
    return { workflowId, event };
  }

  async function send(event: string, payload: object = {}, userId = "ada"): Promise<string> {
    const path = `${rig.base}/users/${userId}/events`;
    const { runs } = await tenon.manage("POST", path, { name: event, payload });
    expect(runs).toHaveLength(1);
    return runs[0].runId;
  }

  return {
    ...rig,
    deploy,
    send,
    /** Deploys, starts and waits for the end. */
    async run(steps: StepInput[], payload: object = {}, userId = "ada") {
      const { event } = await deploy(steps, [userId]);
      return rig.waitForEnd(await send(event, payload, userId));
    },
  };
}

/** A trigger and steps that follow one another, unless they say otherwise. */
export function onEvent(event: string, steps: StepInput[]): DefinitionInput {
  const linked = steps.map((step, index) => ({ next: steps[index + 1]?.id ?? null, ...step }));
  return {
    trigger: { id: "start", type: "event", event, next: steps[0]?.id ?? null },
    steps: linked,
  };
}

/** A step that waits at the gate. */
export function waitAt(gate: { url: string }, name: string): StepInput {
  return { id: "hold", type: "request", method: "GET", url: `${gate.url}/${name}` };
}

/** A step that tells the receiver something. */
export function tell(receiver: { url: string }, body: unknown, more: object = {}): StepInput {
  return {
    id: "tell",
    type: "request",
    method: "POST",
    url: `${receiver.url}/told`,
    bodyType: "json",
    body: body as never,
    ...more,
  };
}

/** An action of Notion's. */
export function act(id: string, action: string, input: object, more: object = {}): StepInput {
  return {
    id,
    type: "action",
    integration: "notion",
    action,
    input: input as never,
    retry: { delaysMs: [1000, 1000, 1000] },
    ...more,
  };
}
