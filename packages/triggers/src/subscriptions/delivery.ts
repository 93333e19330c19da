export const deliveryStatuses = ["pending", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One try to deliver. */
export interface DeliveryAttempt {
  /** When it began: ISO 8601. */
  at: string;
  durationMs: number;
  /** What the receiver answered with; null: no answer came. */
  status: number | null;
  /** Why it did not deliver; null where it did. */
  error: string | null;
  /** How the answer's body begins, without the subscription's secrets. */
  response: string;
}

/** A message to a subscription's address, and what became of it. */
export interface Delivery {
  id: string;
  subscriptionId: string;
  /** Undefined for a test. */
  changeId: string | undefined;
  isTest: boolean;
  status: DeliveryStatus;
  /** The last ones, oldest first; those before a replay too. */
  attempts: readonly DeliveryAttempt[];
  /** Since it was made, or replayed last. */
  attemptCount: number;
  /** Undefined: it is over, or waits until the subscription is active. */
  nextAttemptAt: Date | undefined;
  createdAt: Date;
  finishedAt: Date | undefined;
  /** JSON, as it is sent. */
  body: string;
}

export interface DeliveryFilter {
  status?: DeliveryStatus | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface DeliveryPage {
  /** Newest first. */
  deliveries: Delivery[];
  nextCursor: string | undefined;
}
