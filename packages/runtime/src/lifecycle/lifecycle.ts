import type { ChangeFeed, Connection, ConnectionStore, Log } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type { Engine } from "../engine/engine.ts";
import type { RunControls, RunHistory } from "../history.ts";
import type { AppEvents } from "./app-event.ts";
import type { Enrollments } from "./enrollments.ts";
import type { CheckCode } from "./find-code-problems.ts";
import type { EnvironmentSecrets } from "./environment-secret.ts";
import type { PlanSource } from "./plan-source.ts";
import type { Starts, TriggerSource } from "./starts.ts";
import type { LifecycleStores } from "./stores.ts";
import type { Workflows } from "./workflows.ts";

/** All that happens with workflows around their runs. */
export interface Lifecycle {
  workflows: Workflows;
  events: AppEvents;
  enrollments: Enrollments;
  starts: Starts;
  triggers: TriggerSource;
  /** Begins to start scheduled runs and to sweep: for processes that work on runs. */
  startWorking(): void;
  close(): Promise<void>;
}

export interface LifecycleOptions {
  stores: LifecycleStores;
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  /** Whether the code of Function steps can be read. */
  checkCode: CheckCode;
  engine: Engine;
  history: RunHistory;
  controls: RunControls;
  /** Made before the engine, which reads through them too. */
  secrets: EnvironmentSecrets;
  plans: PlanSource;
  /**
   * Called before a workflow that waits for something at the provider is enabled on a connection, so
   * that what is there by then does not count as new. Never throws.
   */
  prepareToListen?: (connectionId: string) => Promise<void>;
  /** What a trigger of the connector would start a run with, for tests. Never throws. */
  readTriggerSample?: (connection: Connection, triggerId: string) => Promise<unknown>;
  changeFeed: ChangeFeed;
  log: Log;
}
