import { createLimiter, createProviderClient, type RateStore } from "@tenon/connections";
import { type Action, defineConnector, oauth2 } from "@tenon/connector";
import { createLocalNotion } from "local-notion";
import type { ProviderAccess } from "../integration-request.ts";

export interface LocalNotionAccess extends ProviderAccess {
  url: string;
  /** Id of a page that pages can be put under. */
  parentId: string;
  /** How often the token was renewed. */
  renewals(): number;
  /** The next request is refused with 401 until the token is renewed. */
  spoilToken(): void;
  /** Lets requests fail as Local Notion's controls say. */
  addFault(outcome: Record<string, unknown>, rule?: Record<string, unknown>): Promise<void>;
  countRequests(method: string): Promise<number>;
  /** Ends all faults and what providers asked to wait for. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** A connection to a Local Notion of its own, with the example workspace. */
export async function openLocalNotion(actions: readonly Action[]): Promise<LocalNotionAccess> {
  const notion = await createLocalNotion({ settings: { rateLimit: null } });
  const token = { value: await mint(notion.url), version: 1, renewals: 0 };
  const current = () => ({
    connectionId: "c1",
    accessToken: token.value,
    tokenVersion: token.version,
    baseUrl: notion.url,
  });
  let limiter = createLimiter({ store: createGenerousStore() });
  const client = createProviderClient({
    credentials: {
      get: current,
      async renew() {
        token.value = await mint(notion.url);
        token.version += 1;
        token.renewals += 1;
        return current();
      },
    },
    limiter: {
      take: (...ask) => limiter.take(...ask),
      block: (...ask) => limiter.block(...ask),
      close: () => limiter.close(),
      get size() {
        return limiter.size;
      },
    },
  });
  return {
    url: notion.url,
    parentId: await findPage(notion.url, token.value),
    connectors: new Map([["local", defineLocal(actions)]]),
    client,
    renewals: () => token.renewals,
    spoilToken: () => void (token.value = "ntn_not_a_token"),
    addFault: (outcome, rule = {}) =>
      // oxlint-disable-next-line unicorn/no-thenable -- a request's body, which nobody awaits
      control(notion.url, "POST", { ...rule, then: outcome }),
    async countRequests(method) {
      const response = await fetch(`${notion.url}/_local/requests`);
      const requests: { method: string }[] = JSON.parse(await response.text());
      return requests.filter((one) => one.method === method).length;
    },
    async clear() {
      await control(notion.url, "DELETE");
      limiter.close();
      limiter = createLimiter({ store: createGenerousStore() });
    },
    async close() {
      limiter.close();
      await client.close();
      await notion.close();
    },
  };
}

function defineLocal(actions: readonly Action[]) {
  return defineConnector({
    id: "local",
    title: "Local",
    brandColor: "#000",
    icon: "<svg/>",
    description: "Local Notion.",
    auth: oauth2({
      authorizeUrl: "/v1/oauth/authorize",
      tokenUrl: "/v1/oauth/token",
      clientAuth: "basic",
      tokenBody: "json",
      accountId: ["bot_id"],
      providerData: {},
    }),
    api: {
      baseUrl: "https://api.notion.com",
      defaultHeaders: { "notion-version": "2026-03-11" },
      rateLimit: { requests: 100_000, windowMs: 60_000 },
      error: { code: ["code"], message: ["message"], requestIdHeader: "x-notion-request-id" },
    },
    actions,
  });
}

async function mint(url: string): Promise<string> {
  const response = await fetch(`${url}/_local/tokens`, { method: "POST" });
  const { token }: { token: string } = JSON.parse(await response.text());
  return token;
}

async function findPage(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/v1/search`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "notion-version": "2026-03-11",
      "content-type": "application/json",
    },
    body: JSON.stringify({ filter: { property: "object", value: "page" }, page_size: 1 }),
  });
  const { results }: { results: { id: string }[] } = JSON.parse(await response.text());
  return results[0]?.id ?? "";
}

async function control(url: string, method: string, body?: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const content = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}/_local/faults`, { method, ...content });
  if (!response.ok) throw new Error(await response.text());
}

/** Leases whatever is wanted: tests have one process. */
function createGenerousStore(): RateStore {
  let used = 0;
  return {
    lease: async (asks) =>
      asks.map(({ connectionId, wanted }) => {
        used += wanted;
        const window = { windowEndsInMs: 60_000, blockedForMs: 0 };
        return { connectionId, granted: wanted, used, ...window };
      }),
    block: async () => undefined,
    purge: async () => undefined,
  };
}
