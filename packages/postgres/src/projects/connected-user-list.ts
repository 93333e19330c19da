import { type Kysely, sql } from "kysely";
import * as z from "zod";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

/** A connected user as lists show it. */
export interface ListedUser {
  /** The user token's `sub`. */
  externalId: string;
  meta: Record<string, unknown>;
  createdAt: Date;
  lastActiveAt: Date;
  connections: { connectorId: string; status: "VALID" | "INVALID" }[];
}

/** Lists a project's connected users, newest first. */
export interface ConnectedUserList {
  /** @param page.search is looked for in ids, names and e-mail addresses. */
  list(
    projectId: string,
    page: { search: string; limit: number; cursor?: string | undefined },
  ): Promise<{ users: ListedUser[]; nextCursor: string | undefined }>;
}

const Accounts = z.array(
  z.object({ connectorId: z.string(), status: z.enum(["VALID", "INVALID"]) }),
);
const Cursor = z.tuple([z.iso.datetime({ precision: 6, offset: true }), z.uuid()]);

export function createConnectedUserList(db: Kysely<Database>): ConnectedUserList {
  return {
    async list(projectId, { search, limit, cursor }) {
      if (!isUuid(projectId)) return { users: [], nextCursor: undefined };
      const after = cursor === undefined ? undefined : parseCursor(cursor);
      const pattern = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
      const { rows } = await sql<{
        id: string;
        external_id: string;
        meta: Record<string, unknown>;
        created_at: Date;
        created_text: string;
        last_active_at: Date;
        connections: unknown;
      }>`
        select id, external_id, meta, created_at, last_active_at,
          to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as created_text,
          coalesce((
            select json_agg(
              json_build_object('connectorId', connector_id, 'status', status)
              order by connections.created_at)
            from connections where user_id = connected_users.id
          ), '[]') as connections
        from connected_users
        where project_id = ${projectId}
          and (${search} = '' or external_id ilike ${pattern}
            or meta ->> 'Name' ilike ${pattern} or meta ->> 'Email' ilike ${pattern})
          ${after === undefined ? sql`` : sql`and (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
        order by created_at desc, id desc
        limit ${limit + 1}
      `.execute(db);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        users: shown.map((row) => ({
          externalId: row.external_id,
          meta: row.meta,
          createdAt: row.created_at,
          lastActiveAt: row.last_active_at,
          connections: Accounts.parse(row.connections),
        })),
        nextCursor:
          rows.length > limit && last
            ? Buffer.from(JSON.stringify([last.created_text, last.id])).toString("base64url")
            : undefined,
      };
    },
  };
}

/** A cursor that is none begins anew, as one of another list would. */
function parseCursor(cursor: string): [string, string] | undefined {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    return undefined;
  }
}
