import type { Messages } from "../messages/english.ts";
import type { Account } from "../sdk/account.ts";

export function nameAccount(account: Account, provider: string, messages: Messages): string {
  return account.name ?? messages.unnamedAccount(provider);
}

/** Who connected it and when, as far as known. */
export function describeAccount(account: Account, messages: Messages): string | undefined {
  const since =
    account.connectedAt &&
    messages.accountSince(
      new Intl.DateTimeFormat(messages.locale, { dateStyle: "medium" }).format(account.connectedAt),
    );
  const owner = account.owner === account.name ? undefined : account.owner;
  return owner && since ? messages.accountOf(owner, since) : (owner ?? since);
}
