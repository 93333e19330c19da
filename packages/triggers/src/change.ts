import type { NewRun } from "@tenon/runtime";

/** What happened to one object of a connected account. */
export interface Change {
  id: string;
  projectId: string;
  connectionId: string;
  object: { kind: string; id: string };
  changes: readonly string[];
  /** More about the changes: JSON. */
  details: Readonly<Record<string, unknown>>;
  /** The provider's ids of who made it, where it tells them. */
  authors: readonly string[];
  /** Nobody but the connection itself made it. */
  isOwn: boolean;
  /** What made Tenon look. */
  cause: "webhook" | "poll";
  /** By the provider's clock, in its precision. */
  occurredAt: Date;
  /** The object as it was seen: JSON. */
  result: unknown;
}

/** Who waits for a trigger on a connection: a workflow enabled for a configuration, or a subscription. */
export interface Listener {
  id: string;
  projectId: string;
  connectionId: string;
  triggerId: string;
  /** It is told of what happens from then on. */
  since: Date;
  /** Disabled or undeployed at the moment. */
  pausedAt: Date | undefined;
  /** What happens while it is paused is told when it goes on. */
  catchesUp: boolean;
  /** It goes on and has not been told yet of what happened since then. */
  behindSince: Date | undefined;
  of:
    | { kind: "workflow"; workflowId: string; configurationId: string }
    | { kind: "subscription"; subscriptionId: string };
}

/** A message to a subscription's address. */
export interface NewDelivery {
  /** The same for the same subscription and change. */
  id: string;
  projectId: string;
  subscriptionId: string;
  changeId: string;
  /** JSON, as it is sent. */
  body: string;
}

/** What a change leads to for one listener. */
export type Start = { listenerId: string } & ({ run: NewRun } | { delivery: NewDelivery });

/**
 * Says what a change leads to for the listeners of one kind. Each is of a trigger that the change
 * counts for.
 *
 * - `matches` tells whether a trigger's own input asks for this change; it throws where that cannot
 *   be told now, and what it throws is to be thrown on.
 * - What does not run at the moment, such as a workflow whose user is not permitted any more, leads
 *   to nothing.
 */
export interface StartPlanner {
  plan(
    change: Change,
    listeners: readonly Listener[],
    matches: (triggerId: string, input: Readonly<Record<string, unknown>>) => Promise<boolean>,
  ): Promise<Start[]>;
  /** What listeners ask for: their triggers' inputs, without references. */
  readInputs(
    at: { projectId: string; connectionId: string },
    listeners: readonly Listener[],
  ): Promise<{ triggerId: string; input: Record<string, unknown> }[]>;
}

/** A trigger's output for a change: what runs start with and subscriptions are sent. */
export function outputOf(change: Change): { result: unknown; event: Record<string, unknown> } {
  const { id, changes, details, authors, occurredAt, result } = change;
  return {
    result,
    event: { id, changes, details, authors, occurredAt: occurredAt.toISOString() },
  };
}
