import { exchangeCode } from "../oauth/oauth.ts";
import type { Authorization } from "./authorization.ts";
import { type AuthorizationFailure, readExchangeFailure } from "./authorization-failure.ts";
import type { AuthorizationOutcome } from "./authorization-outcome.ts";
import type { ConnectContext } from "./connect-context.ts";
import { storeGrant } from "./store-grant.ts";

/**
 * Exchanges the code of a sign-in whose state is spent, and stores what it is good for.
 *
 * - The exchange is sent once; a code whose answer was lost is not sent again.
 * - A failure is written down before it is answered. Where it cannot be, the sign-in reads as
 *   interrupted a minute after the exchange began.
 */
export async function exchangeAndStore(
  context: ConnectContext,
  authorization: Authorization,
  code: string,
): Promise<AuthorizationOutcome> {
  const { connectorId, redirectUri } = authorization;
  const title = context.connectors.get(connectorId)?.title ?? connectorId;
  const app = await context.appCredentials.matching(authorization);
  if (app === undefined) {
    return recordFailure(context, authorization, {
      code: "app_credentials_missing",
      message: `The ${title} app was changed while you signed in. Connect again.`,
    });
  }
  const outcome = await exchangeCode(app, { code, redirectUri: redirectUri ?? undefined });
  if (outcome.kind !== "granted") {
    return recordFailure(context, authorization, readExchangeFailure(title, outcome));
  }
  const { accountId } = outcome.grant;
  if (accountId === undefined) {
    return recordFailure(context, authorization, {
      code: "token_response_unreadable",
      message: `${title} did not tell which account was connected. Connect again.`,
    });
  }
  return storeGrant(context, { authorization, app, grant: { ...outcome.grant, accountId } });
}

async function recordFailure(
  { authorizations }: ConnectContext,
  authorization: Authorization,
  failure: AuthorizationFailure,
): Promise<AuthorizationOutcome> {
  await authorizations.fail(authorization.id, "exchanging", failure);
  return { kind: "failed", authorization, failure };
}
