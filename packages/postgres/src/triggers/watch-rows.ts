import type { Change, HeldWatch, LedgerEntry, Listener } from "@tenon/triggers";
import { ProviderData } from "@tenon/connections";
import type { Selectable } from "kysely";
import * as z from "zod";
import type { Database } from "../tables.ts";

/** A claimed watch with what its work needs to know. */
export interface WatchRow {
  connection_id: string;
  project_id: string;
  connector_id: string;
  provider_data: unknown;
  is_usable: boolean;
  since: Date;
  watermark: Date;
  is_poll_due: boolean;
  poll_mark: string;
  polled_at: Date | null;
  swept_at: Date | null;
  last_change_at: Date | null;
  missed_at: Date | null;
  has_webhooks: boolean;
  poll_failure_count: number;
  fence: string;
}

export function toWatch(row: WatchRow): HeldWatch {
  return {
    connectionId: row.connection_id,
    projectId: row.project_id,
    connectorId: row.connector_id,
    providerData: ProviderData.parse(row.provider_data),
    isUsable: row.is_usable,
    since: row.since,
    watermark: row.watermark,
    isPollDue: row.is_poll_due,
    pollMark: row.poll_mark,
    polledAt: row.polled_at ?? undefined,
    sweptAt: row.swept_at ?? undefined,
    lastChangeAt: row.last_change_at ?? undefined,
    missedAt: row.missed_at ?? undefined,
    hasWebhooks: row.has_webhooks,
    pollFailureCount: row.poll_failure_count,
    fence: row.fence,
  };
}

export function toListener(row: Selectable<Database["listeners"]>): Listener {
  return {
    id: row.id,
    projectId: row.project_id,
    connectionId: row.connection_id,
    triggerId: row.trigger_id,
    since: row.since,
    pausedAt: row.paused_at ?? undefined,
    catchesUp: row.catches_up,
    behindSince: row.behind_since ?? undefined,
    of:
      row.subscription_id === null
        ? {
            kind: "workflow",
            // A check of the table: it is of one or the other.
            workflowId: row.workflow_id ?? "",
            configurationId: row.configuration_id ?? "",
          }
        : { kind: "subscription", subscriptionId: row.subscription_id },
  };
}

export function toLedgerEntry(row: Selectable<Database["watched_objects"]>): LedgerEntry {
  return {
    kind: row.kind,
    id: row.object_id,
    state: row.state,
    changedAt: row.changed_at,
    observedAt: row.observed_at,
    settleAt: row.settle_at ?? undefined,
    isFresh: row.is_fresh,
  };
}

export const Details = z.record(z.string(), z.unknown());

export function toChange(row: Selectable<Database["changes"]>): Change & { foundAt: Date } {
  return {
    id: row.id,
    projectId: row.project_id,
    connectionId: row.connection_id,
    object: { kind: row.object_kind, id: row.object_id },
    changes: row.changes,
    details: Details.parse(JSON.parse(row.details)),
    authors: row.authors,
    isOwn: row.is_own,
    cause: row.cause,
    occurredAt: row.occurred_at,
    result: JSON.parse(row.result),
    foundAt: row.created_at,
  };
}
