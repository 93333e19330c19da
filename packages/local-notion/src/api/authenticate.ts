import { timingSafeEqual } from "node:crypto";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { allCapabilities } from "../oauth/development-app.ts";
import { findToken } from "../oauth/tokens.ts";
import type { App, Connection, Person } from "../store/records.ts";

export interface Caller {
  connection: Connection;
  app: App;
  /** The workspace page itself, which no limit applies to. */
  isWorkspacePage: boolean;
}

/** Who a bearer token speaks for. */
export function authenticate(instance: Instance, header: string | undefined): Caller {
  const [, token] = /^Bearer (\S+)$/i.exec(header ?? "") ?? [];
  const caller = token === undefined ? undefined : findCaller(instance, token);
  if (caller) return caller;
  throw new NotionError([401, "unauthorized"], "API token is invalid.");
}

function findCaller(instance: Instance, token: string): Caller | undefined {
  const { store } = instance;
  if (isSame(token, instance.sessionToken)) return asOwner(instance);
  const known = findToken(instance, token);
  const connection = known?.kind === "access" && store.get("connections", known.connectionId);
  const app = connection ? store.get("apps", connection.appId) : undefined;
  return connection && app ? { connection, app, isWorkspacePage: false } : undefined;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function ownerOf({ store }: Instance): Person | undefined {
  const people = [...store.all("people")];
  return people.find(({ role }) => role === "owner") ?? people[0];
}

/** The workspace page acts as the workspace's owner: what it does is recorded as theirs. */
function asOwner(instance: Instance): Caller | undefined {
  const owner = ownerOf(instance);
  if (!owner) return undefined;
  const app: App = {
    id: owner.id,
    name: "Local Notion",
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: allCapabilities,
  };
  const connection: Connection = {
    id: owner.id,
    appId: app.id,
    workspaceId: owner.workspaceId,
    personId: owner.id,
    shared: "all",
    createdTime: 0,
    grantedTime: 0,
    revokedTime: null,
  };
  return { connection, app, isWorkspacePage: true };
}
