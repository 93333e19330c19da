import { Kysely, PostgresDialect } from "kysely";
import { createPool } from "../../../create-pool.ts";
import type { ServerAddress } from "../../../embedded/owner-lock.ts";
import type { Database } from "../../../tables.ts";
import { createSubscriptionRig } from "./subscription-rig.ts";

export interface SenderOrder {
  connectionConfig: ServerAddress;
  keyRing: string;
  holdMs: number;
}

/** A process of Tenon that sends, for tests that kill it. */
const { connectionConfig, keyRing, holdMs } = JSON.parse(process.argv[2] ?? "") as SenderOrder;
const pool = createPool(connectionConfig);
const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
const rig = await createSubscriptionRig({ kysely, connectionConfig }, { keyRing });
rig.startSender({ timing: { holdMs, timeoutMs: 60_000 } });
