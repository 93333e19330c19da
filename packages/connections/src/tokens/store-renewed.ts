import type { OAuthApp } from "../app-credentials.ts";
import type { Credential } from "../credentials.ts";
import { revokeToken } from "../oauth/oauth.ts";
import type { TokenGrant } from "../oauth/token-outcome.ts";
import type { ProjectSealer } from "../sealing/sealer.ts";
import type { RenewalContext } from "./renewal-context.ts";
import { keepLease } from "./renewal-lease.ts";
import { sealTokens, type TokenPair } from "./token-pair.ts";
import type { RenewalLease } from "./token-store.ts";

/** A new pair that exists nowhere but here yet. */
interface Renewed {
  lease: RenewalLease;
  exchangeId: string;
  app: OAuthApp;
  grant: TokenGrant;
  pair: TokenPair;
  projectSealer: ProjectSealer;
}

/**
 * Stores the new pair, or keeps it in memory until the database takes it. Undefined: the tokens
 * it came from were replaced meanwhile, so it is not wanted.
 */
export async function storeRenewed(
  context: RenewalContext,
  renewed: Renewed,
): Promise<Credential | undefined> {
  const { lease, exchangeId, grant, pair, projectSealer } = renewed;
  const { connectionId, tokenVersion, baseUrl } = lease.tokens;
  const { accessToken } = pair;
  const row = {
    sealedTokens: sealTokens(projectSealer, connectionId, pair),
    expiresAt: grant.expiresAt ?? null,
    providerData: grant.providerData,
  };
  const save = async () => {
    const isStored = await context.tokens.finishRenewed(lease, exchangeId, row);
    if (!isStored) await revokeUnwanted(context, renewed);
    return isStored;
  };
  const credential = Object.freeze({
    connectionId,
    accessToken,
    tokenVersion: tokenVersion + 1,
    baseUrl,
  });
  try {
    return (await save()) ? credential : undefined;
  } catch (err) {
    context.log.error({ err, connectionId }, "Renewed tokens wait in memory to be stored");
    context.unstored.keep(credential, save, keepLease(context, lease));
    return credential;
  }
}

/**
 * Ends a new pair whose connection is gone or holds another account. Where the same account was
 * connected again meanwhile it is left alone: some providers would end that grant with it.
 */
async function revokeUnwanted(
  { tokens, log }: RenewalContext,
  { lease, app, pair }: Renewed,
): Promise<void> {
  const { connectionId, accountId } = lease.tokens;
  const current = await tokens.find(connectionId);
  if (current?.accountId === accountId) return;
  const answer = await revokeToken(app, pair);
  if (answer.revoked) return;
  const { message } = answer;
  log.warn({ connectionId, message }, "Tokens renewed for a removed account were not revoked");
}
