import type { Connector } from "@tenon/connector";
import type { AppCredentialsSource } from "../app-credentials.ts";
import type { BackgroundWork } from "../background-work.ts";
import type { Connection, ConnectionStore } from "../connection.ts";
import type { Log } from "../log.ts";
import type { Sealer } from "../sealing/sealer.ts";
import type { AuthorizationStore } from "./authorization.ts";

/** What every part of the connect flow works with. */
export interface ConnectContext {
  connectors: ReadonlyMap<string, Connector>;
  authorizations: AuthorizationStore;
  connections: ConnectionStore;
  appCredentials: AppCredentialsSource;
  sealer: Sealer;
  /** Holds tokens in memory that must go at once where they were replaced. */
  credentials: { forget(connectionId: string): void };
  log: Log;
  background: BackgroundWork;
  /**
   * Told when a connection was made, or made anew, before the user is. What it throws is logged:
   * who listens has to find out by itself, too, for processes that die in between.
   */
  onConnected?: (connection: Connection) => Promise<void>;
}
