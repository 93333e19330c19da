import { timingSafeEqual } from "node:crypto";
import type { Instance } from "../instance.ts";
import { toBare, toDashed } from "../ids.ts";
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
  const [, secret, personId] = /^(.*)_([0-9a-f]{32})$/.exec(token) ?? [];
  if (secret !== undefined && personId !== undefined && isSame(secret, instance.sessionToken)) {
    const person = store.get("people", toDashed(personId));
    return person && asPerson(person);
  }
  const known = findToken(instance, token);
  const connection = known?.kind === "access" && store.get("connections", known.connectionId);
  const app = connection ? store.get("apps", connection.appId) : undefined;
  return connection && app ? { connection, app, isWorkspacePage: false } : undefined;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A token with which the workspace page acts as a person. */
export function sessionTokenOf(instance: Instance, person: Person): string {
  return `${instance.sessionToken}_${toBare(person.id)}`;
}

/** What is done on the workspace page is recorded as done by its person, who may do everything. */
function asPerson(person: Person): Caller {
  const app: App = {
    id: person.id,
    name: "Local Notion",
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: allCapabilities,
  };
  const connection: Connection = {
    id: person.id,
    appId: app.id,
    workspaceId: person.workspaceId,
    personId: person.id,
    shared: "all",
    createdTime: 0,
    grantedTime: 0,
    revokedTime: null,
  };
  return { connection, app, isWorkspacePage: true };
}
