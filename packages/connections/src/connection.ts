import * as z from "zod";

/** Whose connections are meant: one connected user of one project. Nothing outside it answers. */
export interface UserScope {
  projectId: string;
  /** Id of the connected user (not the user token's `sub`). */
  userId: string;
}

/** What the provider told about the account, such as the workspace's name. Public. */
export const ProviderData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type ProviderData = z.output<typeof ProviderData>;

/** Settings by the workflow or input they belong to. */
export const Settings = z.record(z.string(), z.unknown());
export type Settings = z.output<typeof Settings>;

/** A connection's settings. Each connection has one default configuration and may have more. */
export interface Configuration {
  id: string;
  connectionId: string;
  /** The customer's own name for this configuration. */
  externalId: string | null;
  isDefault: boolean;
  workflowSettings: Settings;
  sharedSettings: Settings;
  meta: Settings;
  createdAt: Date;
  updatedAt: Date;
}

/** One account a connected user has connected, without its tokens. */
export interface Connection {
  id: string;
  projectId: string;
  integrationId: string;
  connectorId: string;
  userId: string;
  /** The customer's own name for this connection. */
  externalId: string | null;
  /** INVALID: the provider no longer accepts it for good; the user has to connect again. */
  status: "VALID" | "INVALID";
  /** Why it is INVALID, in words for the user. */
  invalidReason: string | null;
  /** The account's id at the provider. */
  accountId: string;
  providerData: ProviderData;
  /** The app's client id this connection was made with. */
  clientId: string;
  baseUrl: string;
  tokenVersion: number;
  /** When the access token ends, where the provider tells. */
  expiresAt: Date | null;
  refreshedAt: Date;
  /** Failed renewals in a row. */
  refreshFailureCount: number;
  createdAt: Date;
  updatedAt: Date;
  /** Oldest first; one of them is the default. */
  configurations: Configuration[];
}

export interface ConfigurationChange {
  /** Replaces the whole map. */
  workflowSettings?: Settings | undefined;
  sharedSettings?: Settings | undefined;
  meta?: Settings | undefined;
}

/** A connection that was just removed, with what revoking its grant needs. */
export interface RemovedConnection {
  connection: Connection;
  sealedTokens: Buffer;
}

/** Reads and changes connections. Ids that are not UUIDs, or another's, answer undefined. */
export interface ConnectionStore {
  find(scope: UserScope, id: string): Promise<Connection | undefined>;
  /** The user's connections, oldest first. */
  list(scope: UserScope, filter?: { integrationId?: string }): Promise<Connection[]>;
  /** Changes the customer's name for it; `conflict` where the user's other connection has it. */
  updateExternalId(
    scope: UserScope,
    id: string,
    externalId: string | null,
  ): Promise<Connection | "conflict" | undefined>;
  /** Changes one configuration: the one named, else the default. */
  updateConfiguration(
    scope: UserScope,
    target: { connectionId: string; configurationId?: string | undefined },
    change: ConfigurationChange,
  ): Promise<Connection | undefined>;
  /** Deletes it with all that belongs to it. Of two callers, one gets it. */
  remove(scope: UserScope, id: string): Promise<RemovedConnection | undefined>;
}
