import type { UserScope } from "../connection.ts";
import type { Authorization } from "./authorization.ts";
import {
  type AuthorizationFailure,
  authorizationFailures,
  readCallbackError,
} from "./authorization-failure.ts";
import type { AuthorizationOutcome } from "./authorization-outcome.ts";
import { exchangeAndStore } from "./code-exchange.ts";
import type { ConnectContext } from "./connect-context.ts";
import { hashState } from "./start-authorization.ts";

/** What the provider sent the browser back with. */
export interface AuthorizationCallback {
  state: string | undefined;
  code?: string | undefined;
  error?: string | undefined;
  errorDescription?: string | undefined;
  /** Whom the browser's own cookies prove to have started a sign-in; empty without a proof. */
  bindings: readonly UserScope[];
}

/**
 * Ends a sign-in with what the provider sent the browser back with.
 *
 * - A callback that is refused for its state or browser changes nothing.
 * - The state is spent before the code is exchanged: of two callbacks with one state, one
 *   exchanges and the other is told that it was used.
 */
export async function completeAuthorization(
  context: ConnectContext,
  callback: AuthorizationCallback,
): Promise<AuthorizationOutcome> {
  const { state, code, error, bindings } = callback;
  const authorization =
    state === undefined
      ? undefined
      : await context.authorizations.findByStateHash(hashState(state));
  if (authorization === undefined) return failed(undefined, authorizationFailures.unknown);
  const isOwn = bindings.some(
    ({ projectId, userId }) =>
      projectId === authorization.projectId && userId === authorization.userId,
  );
  const refusal = refuseCallback(authorization, isOwn);
  if (refusal !== undefined) return failed(isOwn ? authorization : undefined, refusal);
  if (error !== undefined || code === undefined) {
    return endWithout(context, authorization, callback);
  }
  const isFirst = await context.authorizations.beginExchange(authorization.id);
  return isFirst
    ? exchangeAndStore(context, authorization, code)
    : failed(authorization, authorizationFailures.replayed);
}

/** Why this callback may not end this sign-in, or undefined where it may. */
function refuseCallback(
  { status, failure }: Authorization,
  isOwn: boolean,
): AuthorizationFailure | undefined {
  if (failure?.code === "authorization_expired") return authorizationFailures.expired;
  if (status !== "pending") return authorizationFailures.replayed;
  return isOwn ? undefined : authorizationFailures.otherBrowser;
}

/** Ends a sign-in that brought no code. */
async function endWithout(
  { authorizations, connectors }: ConnectContext,
  authorization: Authorization,
  { error, errorDescription }: AuthorizationCallback,
): Promise<AuthorizationOutcome> {
  const { id, connectorId } = authorization;
  const title = connectors.get(connectorId)?.title ?? connectorId;
  const failure =
    error === undefined
      ? authorizationFailures.incomplete
      : readCallbackError(title, error, errorDescription);
  const isFirst = await authorizations.fail(id, "pending", failure);
  return failed(authorization, isFirst ? failure : authorizationFailures.replayed);
}

function failed(
  authorization: Authorization | undefined,
  failure: AuthorizationFailure,
): AuthorizationOutcome {
  return { kind: "failed", authorization, failure };
}
