import type { ReactNode } from "react";
import { useMessages } from "../messages/use-messages.ts";
import type { Account } from "../sdk/account.ts";
import { describeAccount, nameAccount } from "./account-words.ts";

/** A connected account in a list. */
export function AccountCard(props: { account: Account; provider: string; children?: ReactNode }) {
  const messages = useMessages();
  const { account } = props;
  const detail = describeAccount(account, messages);
  return (
    <li className="account">
      <div className="account-head">
        <span className="account-name" dir="auto">
          {nameAccount(account, props.provider, messages)}
        </span>
        <span className="badge" data-tone={account.isValid ? "success" : "warning"}>
          {account.isValid ? messages.accountConnected : messages.accountInvalid}
        </span>
      </div>
      {detail !== undefined && (
        <span className="account-detail" dir="auto">
          {detail}
        </span>
      )}
      {props.children}
    </li>
  );
}
