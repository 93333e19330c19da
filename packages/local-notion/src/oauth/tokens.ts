import { createHash, randomBytes } from "node:crypto";
import type { Connection, Token } from "../store/records.ts";
import type { Instance } from "../instance.ts";

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
}

/** How codes and tokens are kept: nobody who reads the data file can use them. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(24).toString("hex")}`;
}

/** A fresh access and refresh token of a connection. */
export function mintPair({ store, clock }: Instance, connectionId: string): TokenPair {
  const accessToken = newSecret("ntn_");
  const refreshToken = newSecret("nrt_");
  const issuedTime = clock.now();
  const [access, refresh] = [hashSecret(accessToken), hashSecret(refreshToken)];
  store.put("tokens", {
    id: access,
    kind: "access",
    connectionId,
    partnerId: refresh,
    issuedTime,
  });
  store.put("tokens", {
    id: refresh,
    kind: "refresh",
    connectionId,
    partnerId: access,
    issuedTime,
  });
  return { accessToken, refreshToken };
}

/** A token that neither expires nor refreshes, as internal integrations have. */
export function mintLasting({ store, clock }: Instance, connectionId: string): string {
  const token = newSecret("ntn_");
  store.put("tokens", {
    id: hashSecret(token),
    kind: "access",
    connectionId,
    partnerId: null,
    issuedTime: clock.now(),
  });
  return token;
}

export function findToken({ store }: Instance, token: string): Token | undefined {
  return store.get("tokens", hashSecret(token));
}

/** Ends a token together with the other of its pair. */
export function endToken({ store }: Instance, token: Token): void {
  store.remove("tokens", token.id);
  if (token.partnerId !== null) store.remove("tokens", token.partnerId);
}

export function tokensOf({ store }: Instance, connectionId: string): Token[] {
  return [...store.all("tokens")].filter((token) => token.connectionId === connectionId);
}

/** Takes a connection's access away: its tokens end, its name stays on what it edited. */
export function endConnection(instance: Instance, connection: Connection): void {
  for (const token of tokensOf(instance, connection.id)) endToken(instance, token);
  instance.store.put("connections", { ...connection, revokedTime: instance.clock.now() });
}
