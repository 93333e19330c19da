/** A request for a chunk of a connection's permits. */
export interface LeaseAsk {
  connectionId: string;
  wanted: number;
  /** The window is not used beyond this number of permits: the share of the asker's priority. */
  ceiling: number;
  windowMs: number;
}

/** What was leased. Times are relative, so that clocks need not agree. */
export interface Lease {
  connectionId: string;
  /** Between none and `wanted`; fewer as the window fills, so that few are left unused. */
  granted: number;
  /** Permits used in this window by all processes, these included: the number of the last one. */
  used: number;
  windowEndsInMs: number;
  /** Zero where the provider has not asked to wait. */
  blockedForMs: number;
}

/** Where the processes share what they used of each connection's budget. */
export interface RateStore {
  /** One answer for each ask, in any order. */
  lease(asks: readonly LeaseAsk[]): Promise<Lease[]>;
  /** No permits for so long; a new window begins then. */
  block(connectionId: string, forMs: number): Promise<void>;
  /** Removes what was not used for an hour. */
  purge(): Promise<void>;
}
