import type {
  Block,
  BlockRequest,
  Database,
  DataSource,
  List,
  Page,
  Position,
  Properties,
} from "./objects.ts";
import { createClient } from "./request.ts";
import type { App, NewWebhook, Webhook, WebhookDelivery } from "./webhooks.ts";

/** An app that someone has let into the workspace. */
export interface Connection {
  id: string;
  app: { name: string | null };
  /** Null when it belongs to the workspace instead of a person. */
  person: { name: string } | null;
  pages: "all" | { id: string; title: string }[];
  createdTime: string;
  grantedTime: string;
}

export type NewPageParent =
  | { type: "workspace"; workspace: true }
  | { type: "page_id"; page_id: string };

export interface SearchRequest {
  query?: string;
  inTrash?: boolean;
  cursor?: string | undefined;
}

/** A page or data source that a search has found. */
export type Found = Page | DataSource;

export type Api = ReturnType<typeof createApi>;

/** The parts of Local Notion's HTTP API that this page uses. */
export function createApi() {
  const { session, request } = createClient();
  /** What is read of this workspace alone. */
  const readOwn = async <Answer>(path: string) =>
    request<Answer>("GET", `${path}?workspace_id=${(await session()).workspaceId}`);
  return {
    session,

    page: (id: string) => request<Page>("GET", `/v1/pages/${id}`),
    createPage: (parent: NewPageParent) =>
      request<Page>("POST", "/v1/pages", { parent, properties: {} }),
    updatePage: (id: string, change: { properties?: object; in_trash?: boolean }) =>
      request<Page>("PATCH", `/v1/pages/${id}`, change),

    block: (id: string) => request<Block & Pick<Page, "parent">>("GET", `/v1/blocks/${id}`),
    children: (id: string, cursor?: string) =>
      request<List<Block>>("GET", `/v1/blocks/${id}/children${startAt(cursor)}`),
    append: (parentId: string, block: BlockRequest, position: Position) =>
      request<List<Block>>("PATCH", `/v1/blocks/${parentId}/children`, {
        children: [block],
        position,
      }),
    updateBlock: (id: string, change: object) =>
      request<Block>("PATCH", `/v1/blocks/${id}`, change),
    deleteBlock: (id: string) => request<Block>("DELETE", `/v1/blocks/${id}`),

    /** Pages and data sources, the last edited first unless something is searched for. */
    search: ({ query, inTrash = false, cursor }: SearchRequest) =>
      request<List<Found>>("POST", "/v1/search", {
        page_size: 100,
        start_cursor: cursor,
        ...(query
          ? { query }
          : { sort: { timestamp: "last_edited_time", direction: "descending" } }),
        ...(inTrash && { filter: { in_trash: true } }),
      }),

    database: (id: string) => request<Database>("GET", `/v1/databases/${id}`),
    dataSource: (id: string) => request<DataSource>("GET", `/v1/data_sources/${id}`),
    queryDataSource: (id: string, cursor?: string) =>
      request<List<Page & { properties: Properties }>>("POST", `/v1/data_sources/${id}/query`, {
        page_size: 50,
        start_cursor: cursor,
      }),

    connections: () => readOwn<Connection[]>("/_local/connections"),
    disconnect: (id: string) => request<unknown>("DELETE", `/_local/connections/${id}`),

    apps: () => request<App[]>("GET", "/_local/apps"),
    webhooks: () => request<Webhook[]>("GET", "/_local/webhooks"),
    createWebhook: (webhook: NewWebhook) => request<Webhook>("POST", "/_local/webhooks", webhook),
    verifyWebhook: (id: string, token: string) =>
      request<Webhook>("POST", `/_local/webhooks/${id}/verify`, { verification_token: token }),
    resendToken: (id: string) => request<Webhook>("POST", `/_local/webhooks/${id}/resend`),
    resumeWebhook: (id: string) =>
      request<Webhook>("PATCH", `/_local/webhooks/${id}`, { status: "active" }),
    deleteWebhook: (id: string) => request<unknown>("DELETE", `/_local/webhooks/${id}`),
    /** The last deliveries, the newest last. */
    webhookDeliveries: () => readOwn<WebhookDelivery[]>("/_local/webhook-deliveries"),
    sendWaitingEvents: () => request<unknown>("POST", "/_local/webhook-deliveries/flush"),
  };
}

function startAt(cursor: string | undefined): string {
  return cursor === undefined ? "" : `?start_cursor=${encodeURIComponent(cursor)}`;
}

/** Every item of a list that comes in parts. */
export async function readAll<Item>(
  readPart: (cursor: string | undefined) => Promise<List<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const part = await readPart(cursor);
    items.push(...part.results);
    cursor = part.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
