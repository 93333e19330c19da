import * as z from "zod";
import type { Credential } from "../credentials.ts";
import type { ProjectSealer, SealPlace } from "../sealing/sealer.ts";
import type { StoredTokens } from "./token-store.ts";

/** The secrets of a connection. */
export const TokenPair = z.object({
  accessToken: z.string(),
  /** Absent: the provider gave none; the access token cannot be renewed. */
  refreshToken: z.string().optional(),
});
export type TokenPair = z.output<typeof TokenPair>;

/** Seals a connection's tokens for its row. */
export function sealTokens(sealer: ProjectSealer, connectionId: string, pair: TokenPair): Buffer {
  return sealer.seal(tokensPlace(connectionId), JSON.stringify(pair));
}

/** Opens what {@link sealTokens} sealed for the same connection. */
export function openTokens(sealer: ProjectSealer, connectionId: string, sealed: Buffer): TokenPair {
  return TokenPair.parse(JSON.parse(sealer.open(tokensPlace(connectionId), sealed)));
}

/** What calls of the connection are made with, and whether it could be renewed. */
export function toCredential(
  sealer: ProjectSealer,
  { connectionId, sealedTokens, tokenVersion, baseUrl }: StoredTokens,
): { credential: Credential; isRenewable: boolean } {
  const { accessToken, refreshToken } = openTokens(sealer, connectionId, sealedTokens);
  return {
    credential: Object.freeze({ connectionId, accessToken, tokenVersion, baseUrl }),
    isRenewable: refreshToken !== undefined,
  };
}

function tokensPlace(connectionId: string): SealPlace {
  return { table: "connections", column: "sealed_tokens", rowId: connectionId };
}
