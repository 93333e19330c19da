import { randomUUID } from "node:crypto";
import type { OAuthApp } from "../app-credentials.ts";
import { repeatUntilDone } from "../backoff.ts";
import { revokeToken } from "../oauth/oauth.ts";
import type { TokenGrant } from "../oauth/token-outcome.ts";
import type { ProjectSealer } from "../sealing/sealer.ts";
import { openTokens, sealTokens, type TokenPair } from "../tokens/token-pair.ts";
import type { Authorization, ExistingConnection, Placement } from "./authorization.ts";
import { authorizationFailures } from "./authorization-failure.ts";
import type { AuthorizationOutcome } from "./authorization-outcome.ts";
import type { ConnectContext } from "./connect-context.ts";
import { placeAccount } from "./place-account.ts";

/** Granted tokens are kept in memory this long while the database cannot take them. */
const storeForMs = 15_000;

/** Tokens of a sign-in, with the account they are for. */
interface Granted {
  authorization: Authorization;
  app: OAuthApp;
  grant: TokenGrant & { accountId: string };
}

/**
 * Stores what a sign-in granted as the user's connection, together with the sign-in's outcome.
 *
 * - Where the database cannot take it, this is repeated for 15 s; then the error is thrown and the
 *   sign-in reads as interrupted.
 * - The grant of an account that was replaced is revoked in the background, once the new one is
 *   stored; so is a grant that came too late to be stored. Never where a connection of the user
 *   holds the same account: some providers end an account's older and newer grants together.
 */
export async function storeGrant(
  context: ConnectContext,
  granted: Granted,
): Promise<AuthorizationOutcome> {
  const { authorization } = granted;
  const { id, projectId } = authorization;
  const projectSealer = await context.sealer.forProject(projectId);
  const newId = randomUUID();
  const place = (existing: readonly ExistingConnection[]) =>
    toPlacement(granted, { existing, newId, projectSealer });
  const stored = await repeatUntilDone(() => context.authorizations.connect(id, place), {
    forMs: storeForMs,
    baseMs: 100,
    maxMs: 2000,
    onFailure: (err) =>
      context.log.warn({ err, authorizationId: id }, "Could not store a new connection yet"),
  });
  if (stored === undefined) {
    context.background.start({ authorizationId: id }, () => revokeLate(context, granted));
    await context.authorizations.fail(id, "exchanging", authorizationFailures.interrupted);
    return { kind: "failed", authorization, failure: authorizationFailures.interrupted };
  }
  const { connection, replaced } = stored;
  context.credentials.forget(connection.id);
  if (replaced !== undefined && replaced.accountId !== connection.accountId) {
    context.background.start({ connectionId: replaced.id }, () =>
      revokeReplaced(context, replaced),
    );
  }
  await context
    .onConnected?.(connection)
    .catch((err: unknown) =>
      context.log.warn({ err, connectionId: connection.id }, "Not all was told of a connection"),
    );
  const ended = { ...authorization, status: "connected", connectionId: connection.id } as const;
  return { kind: "connected", authorization: ended, connection };
}

function toPlacement(
  { authorization, grant }: Granted,
  facts: {
    existing: readonly ExistingConnection[];
    newId: string;
    projectSealer: ProjectSealer;
  },
): Placement {
  const { existing, newId, projectSealer } = facts;
  const place = placeAccount(grant.accountId, existing, authorization.installOptions);
  const connectionId = place.existing?.id ?? newId;
  return {
    connectionId,
    isNew: place.existing === undefined,
    externalId: place.externalId,
    accountId: grant.accountId,
    providerData: grant.providerData,
    sealedTokens: sealTokens(projectSealer, connectionId, toPair(grant)),
    expiresAt: grant.expiresAt ?? null,
  };
}

async function revokeReplaced(
  context: ConnectContext,
  replaced: ExistingConnection,
): Promise<void> {
  const { id, projectId, sealedTokens } = replaced;
  const app = await context.appCredentials.matching(replaced);
  if (app === undefined) return;
  await revoke(app, openTokens(await context.sealer.forProject(projectId), id, sealedTokens));
}

async function revokeLate(
  { connections }: ConnectContext,
  { authorization, app, grant }: Granted,
): Promise<void> {
  const { integrationId } = authorization;
  const owned = await connections.list(authorization, { integrationId });
  if (owned.some(({ accountId }) => accountId === grant.accountId)) return;
  await revoke(app, toPair(grant));
}

async function revoke(app: OAuthApp, tokens: TokenPair): Promise<void> {
  const answer = await revokeToken(app, tokens);
  if (!answer.revoked) throw new Error(`A grant was not revoked: ${answer.message}`);
}

function toPair({ accessToken, refreshToken }: TokenGrant): TokenPair {
  return { accessToken, refreshToken };
}
