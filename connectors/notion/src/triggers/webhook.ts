import type { Told, Webhook } from "@tenon/connector";
import * as z from "zod";

const Event = z.looseObject({
  type: z.string(),
  entity: z.looseObject({ id: z.string() }),
  data: z.unknown().optional(),
});
const Data = z.looseObject({ updated_properties: z.array(z.string()) });

/** What each type of event that a trigger needs means. */
const meanings: Readonly<Record<string, { object: string; change: string }>> = {
  "page.created": { object: "page", change: "created" },
  "page.content_updated": { object: "page", change: "content" },
  "page.properties_updated": { object: "page", change: "properties" },
  "page.moved": { object: "page", change: "moved" },
  "page.deleted": { object: "page", change: "deleted" },
  "page.undeleted": { object: "page", change: "restored" },
  "page.locked": { object: "page", change: "locked" },
  "page.unlocked": { object: "page", change: "locked" },
  "comment.created": { object: "comment", change: "created" },
};

/** How Notion sends the events of an integration: those of all its workspaces to one address. */
export const webhook: Webhook = {
  signature: {
    header: "x-notion-signature",
    prefix: "sha256=",
    algorithm: "sha256",
    encoding: "hex",
  },
  handshake: { token: "verification_token" },
  event: {
    id: "id",
    type: "type",
    time: "timestamp",
    attempt: "attempt_number",
    authors: "authors",
  },
  route: {
    account: { path: "workspace_id", providerData: "workspaceId" },
    audience: { path: "accessible_by", providerData: ["botId", "userId"] },
  },
  read(event) {
    const { data: read } = Event.safeParse(event);
    if (!read || !Object.hasOwn(meanings, read.type)) return undefined;
    const meaning = meanings[read.type];
    if (!meaning) return undefined;
    const details = toDetails(read.data);
    const { object, change } = meaning;
    return { object, id: read.entity.id, changes: [change], ...(details && { details }) };
  },
};

/** Notion names changed properties by their ids alone. */
function toDetails(data: unknown): Told["details"] {
  const ids = Data.safeParse(data).data?.updated_properties;
  return ids && { properties: ids.map((id) => ({ id })) };
}
