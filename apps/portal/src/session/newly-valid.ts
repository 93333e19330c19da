import type { Account } from "../sdk/account.ts";

export function listValidIds(accounts: readonly Account[]): ReadonlySet<string> {
  return new Set(accounts.filter(({ isValid }) => isValid).map(({ id }) => id));
}

/** The account that is valid now and was not before: the sign of a sign-in that worked. */
export function findNewlyValid(
  validBefore: ReadonlySet<string>,
  accounts: readonly Account[],
): Account | undefined {
  return accounts.find(({ id, isValid }) => isValid && !validBefore.has(id));
}
