import type { ActionClient } from "./action-client.ts";
import type { Webhook } from "./webhook.ts";

/**
 * What is kept of an object to see later what changed: a short digest of each part, by the part's
 * name. A part that was not looked at is left out.
 */
export type ObjectState = Readonly<Record<string, string>>;

/** An object as it was at one moment. */
export interface Observation {
  id: string;
  state: ObjectState;
  /** By the provider's clock, in the provider's precision. */
  createdAt: Date;
  changedAt: Date;
  /** The provider's id of who made it, and of who changed it last. */
  createdBy: string | undefined;
  changedBy: string | undefined;
  /** What runs find as `result`: JSON. */
  result: unknown;
}

/** What is different between two looks at an object. */
export interface Difference {
  changes: readonly string[];
  /** Changes of which it cannot be told, because a part was not looked at before. */
  unknown: readonly string[];
  /** More about the changes, such as which properties: JSON. */
  details: Readonly<Record<string, unknown>>;
}

/** A kind of object whose changes can be followed. */
export interface WatchedObject {
  /** Such as `page`. */
  kind: string;
  /** The provider's times are rounded down to this. */
  precisionMs: number;
  /** The change that a new object is, such as `created`. */
  created: string;
  /** Changes that an object may have had where only the time of its last change tells of them. */
  edits: readonly string[];
  /** Changes that only a deep look shows. */
  deep: readonly string[];
  /**
   * Looks at an object. Undefined: it is not there, or not for this connection.
   *
   * @param deep look at the parts, too, that cost requests of their own.
   */
  observe(ask: {
    client: ActionClient;
    id: string;
    deep: boolean;
  }): Promise<Observation | undefined>;
  /**
   * Lists what changed at or after a time, the last changed first, without the parts that cost
   * requests of their own. Left out: nothing of this kind can be listed.
   *
   * @param scope only this part of the account: what {@link Trigger.scope} named.
   * @param changes what is asked for: lists that can show no others may be left out. Undefined: all.
   */
  list?(ask: {
    client: ActionClient;
    since: Date;
    scope: string | undefined;
    changes: ReadonlySet<string> | undefined;
  }): AsyncIterable<readonly Observation[]>;
  /** Changes that the state by itself shows, such as that the object was thrown away. */
  shows?(state: ObjectState): readonly string[];
  /** What is different. Parts that `after` does not have were not looked at. */
  compare(before: ObjectState, after: ObjectState, result: unknown): Difference;
}

/** How a provider's objects are watched: it tells of changes, and it can be asked. */
export interface Watch {
  webhook: Webhook;
  objects: readonly WatchedObject[];
  /** Name in the connection's provider data of the id that its own changes carry as author. */
  ownAuthor: string;
}
