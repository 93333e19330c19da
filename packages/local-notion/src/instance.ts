import type { Clock } from "./clock.ts";
import type { Changes } from "./control/changes.ts";
import type { RequestLog } from "./control/request-log.ts";
import type { Snapshots } from "./control/snapshots.ts";
import type { FileLinks } from "./files/file-links.ts";
import type { FileStore } from "./files/file-store.ts";
import type { Faults } from "./faults/faults.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";
import type { Schedule } from "./schedule.ts";
import type { Settings } from "./settings.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";
import type { Store } from "./store/store.ts";

/** One running Local Notion: its state and the parts that requests share. */
export interface Instance {
  store: Store;
  clock: Clock;
  settings: Settings;
  limiter: RateLimiter;
  faults: Faults;
  requests: RequestLog;
  changes: Changes;
  schedule: Schedule;
  webhooks: Webhooks;
  snapshots: Snapshots;
  files: FileStore;
  fileLinks: FileLinks;
  /** What bearer tokens of the workspace page begin with; new at each start, never stored. */
  sessionToken: string;
  /** What the settings go back to on a reset, where it differs from the defaults. */
  initialSettings: Partial<Settings>;
  /** Where people and clients reach it; no slash at the end. */
  publicUrl: string;
}
