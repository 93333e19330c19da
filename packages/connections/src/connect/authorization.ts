import type { Connection, ProviderData, UserScope } from "../connection.ts";
import type { AuthorizationFailure } from "./authorization-failure.ts";
import type { InstallOptions } from "./install-options.ts";

/** One sign-in at the provider that a user started. */
export interface Authorization {
  id: string;
  projectId: string;
  integrationId: string;
  connectorId: string;
  userId: string;
  clientId: string;
  baseUrl: string;
  redirectUri: string | null;
  /** The page that opened the sign-in, told to it when it ends. */
  openerOrigin: string | null;
  installOptions: InstallOptions;
  /** `pending` → `denied` or `exchanging` → `connected` or `failed`. An end never changes. */
  status: "pending" | "exchanging" | "connected" | "denied" | "failed";
  /** Set when connected. */
  connectionId: string | null;
  /** Set when denied or failed: also where it expired, or was interrupted by a crash a minute ago. */
  failure: AuthorizationFailure | null;
  createdAt: Date;
  expiresAt: Date;
}

export interface NewAuthorization extends UserScope {
  id: string;
  stateHash: Buffer;
  integrationId: string;
  clientId: string;
  baseUrl: string;
  redirectUri: string | null;
  sessionKey: string | null;
  openerOrigin: string | null;
  installOptions: InstallOptions;
  lifetimeMs: number;
  /** The state's single use is spent at once, where the code is already here. */
  startsExchanging?: boolean;
}

/** A user's connection as it was before a sign-in changes it. */
export interface ExistingConnection extends Connection {
  sealedTokens: Buffer;
}

/** Where the new tokens go, decided while the user's connections are locked. */
export interface Placement {
  connectionId: string;
  /** Make a new connection with this id, or give the existing one new tokens. */
  isNew: boolean;
  externalId: string | null;
  accountId: string;
  providerData: ProviderData;
  sealedTokens: Buffer;
  expiresAt: Date | null;
}

/** Keeps authorizations. Times are the database's. */
export interface AuthorizationStore {
  /** Stores it; an older authorization of the user with the same session key loses the key. */
  create(authorization: NewAuthorization): Promise<void>;
  findByStateHash(stateHash: Buffer): Promise<Authorization | undefined>;
  /** `pending` → `exchanging`: true for one caller only, and only before it expires. */
  beginExchange(id: string): Promise<boolean>;
  /** Ends it as `denied` or `failed`, by the failure's code; false where it is not in `from`. */
  fail(id: string, from: "pending" | "exchanging", failure: AuthorizationFailure): Promise<boolean>;
  /**
   * `exchanging` → `connected`, in one transaction with the connection: locks the user's
   * connections of the integration, asks where the tokens go, writes them there.
   *
   * - Undefined where the authorization is no longer exchanging or was given up as interrupted;
   *   nothing is written then.
   * - Asked again after its answer was lost, it answers with the connection of the first time.
   */
  connect(
    id: string,
    place: (existing: readonly ExistingConnection[]) => Placement,
  ): Promise<{ connection: Connection; replaced: ExistingConnection | undefined } | undefined>;
  findLatest(
    scope: UserScope,
    query: { integrationId: string; since: Date },
  ): Promise<Authorization | undefined>;
  findBySessionKey(scope: UserScope, sessionKey: string): Promise<Authorization | undefined>;
  forgetSessionKey(scope: UserScope, sessionKey: string): Promise<void>;
}
