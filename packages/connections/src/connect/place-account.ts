import { selectConnection } from "../select-connection.ts";
import type { ExistingConnection } from "./authorization.ts";
import type { InstallOptions } from "./install-options.ts";

/** Where an account goes: onto a connection that exists, or into a new one. */
export interface AccountPlace {
  existing: ExistingConnection | undefined;
  externalId: string | null;
}

/**
 * Chooses the connection for an account that a user has just signed in to, among the user's
 * connections of the integration, oldest first. The first rule that fits decides:
 *
 * 1. The connection that already holds this account: it gets the new tokens.
 * 2. The selected connection: its account is replaced. One that was removed meanwhile does not
 *    make another pay for it: a new connection is made.
 * 3. The connection with the external id asked for: its account is replaced.
 * 4. With `allowMultipleCredentials`: a new connection.
 * 5. The user's default connection is replaced; without any, a new connection.
 *
 * An external id asked for is taken over where no other connection of the user has it; on rule 1
 * only where the connection has none.
 */
export function placeAccount(
  accountId: string,
  existing: readonly ExistingConnection[],
  options: InstallOptions,
): AccountPlace {
  const { selectedCredentialId, externalId, allowMultipleCredentials = false } = options;
  const sameAccount = existing.find((connection) => connection.accountId === accountId);
  const named = existing.find((connection) => connection.externalId === externalId);
  if (sameAccount !== undefined) {
    const free = named === undefined ? (externalId ?? null) : null;
    return { existing: sameAccount, externalId: sameAccount.externalId ?? free };
  }
  const target =
    selectedCredentialId === undefined
      ? (named ?? (allowMultipleCredentials ? undefined : selectConnection(existing)))
      : selectConnection(existing, selectedCredentialId);
  const isTaken = named !== undefined && named !== target;
  const kept = target?.externalId ?? null;
  return { existing: target, externalId: isTaken ? kept : (externalId ?? kept) };
}
