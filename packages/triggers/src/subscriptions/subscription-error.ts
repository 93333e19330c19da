import { AppError, type AppErrorOptions } from "@tenon/connector";

/** Every code that subscriptions raise, with its HTTP status. Never 401 or 403. */
const statuses = {
  invalid_request: 400,
  trigger_not_found: 404,
  connection_not_found: 404,
  subscription_not_found: 404,
  delivery_not_found: 404,
  subscription_disabled: 409,
} as const;
export type SubscriptionErrorCode = keyof typeof statuses;

/** An error of subscriptions, with the status its code has. */
export function subscriptionError(
  code: SubscriptionErrorCode,
  message: string,
  options?: AppErrorOptions,
): AppError<SubscriptionErrorCode> {
  return new AppError(code, statuses[code], message, options);
}

export function unknownSubscription(id: string): AppError<SubscriptionErrorCode> {
  return subscriptionError("subscription_not_found", `There is no subscription "${id}".`);
}
