import { Tabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { Markdown } from "../markdown/markdown.tsx";
import { useMessages } from "../messages/use-messages.ts";
import type { Account } from "../sdk/account.ts";
import type { PortalActions, PortalContent } from "../session/portal-view.ts";
import { AccountCard } from "./account-card.tsx";
import { nameAccount } from "./account-words.ts";
import { useArrivalFocus } from "./arrival.ts";
import { CardHeader } from "./card-header.tsx";
import { PlusIcon, WarningIcon } from "./icons.tsx";

interface Props {
  content: PortalContent;
  actions: PortalActions;
}

interface TabProps extends Props {
  tab: string;
  onTab(tab: string): void;
  notice: ReactNode;
  onDisconnect(account: Account): void;
}

/** At least one account is connected. */
export function AccountsView({ content, actions, tab, onTab, notice, onDisconnect }: TabProps) {
  const messages = useMessages();
  const overview = useArrivalFocus<HTMLButtonElement>();
  return (
    <Tabs.Root className="tabs" value={tab} onValueChange={(value) => onTab(String(value))}>
      <CardHeader content={content} />
      <Tabs.List className="tab-list" activateOnFocus>
        <Tabs.Tab ref={overview} className="tab" value="overview">
          {messages.overview}
        </Tabs.Tab>
        <Tabs.Tab className="tab" value="configuration">
          {messages.configuration}
        </Tabs.Tab>
        <Tabs.Indicator className="tab-indicator" renderBeforeHydration={false} />
      </Tabs.List>
      <Tabs.Panel className="card-body" value="overview">
        {notice}
        <Overview content={content} actions={actions} />
      </Tabs.Panel>
      <Tabs.Panel className="card-body" value="configuration">
        {notice}
        <Accounts content={content} actions={actions} onDisconnect={onDisconnect} />
      </Tabs.Panel>
      <footer className="card-footer">
        <button type="button" className="button" onClick={() => actions.close()}>
          {messages.done}
        </button>
      </footer>
    </Tabs.Root>
  );
}

function Overview({ content, actions }: Props) {
  return (
    <>
      {content.accounts
        .filter(({ isValid }) => !isValid)
        .map((account) => (
          <ReconnectCallout
            key={account.id}
            account={account}
            content={content}
            onReconnect={() => actions.reconnect(account.id)}
          />
        ))}
      <ul className="account-list">
        {content.accounts.map((account) => (
          <AccountCard key={account.id} account={account} provider={content.texts.title} />
        ))}
      </ul>
      <Markdown source={content.texts.overview} />
    </>
  );
}

function ReconnectCallout(props: {
  account: Account;
  content: PortalContent;
  onReconnect(): void;
}) {
  const messages = useMessages();
  const { texts, projectTitle } = props.content;
  const name = nameAccount(props.account, texts.title, messages);
  return (
    <div className="notice" data-tone="warning">
      <WarningIcon />
      <div>
        <h3>{messages.reconnectTitle(texts.title)}</h3>
        <p dir="auto">{messages.reconnectDetail(name, projectTitle)}</p>
        <button
          type="button"
          className="button button-primary button-small"
          onClick={() => props.onReconnect()}
        >
          {messages.reconnectAccount(name)}
        </button>
      </div>
    </div>
  );
}

function Accounts(props: Props & Pick<TabProps, "onDisconnect">) {
  const messages = useMessages();
  const { content, actions } = props;
  return (
    <>
      <h3 className="section-title">{messages.accounts}</h3>
      <ul className="account-list">
        {content.accounts.map((account) => (
          <AccountCard key={account.id} account={account} provider={content.texts.title}>
            <AccountButtons
              name={nameAccount(account, content.texts.title, messages)}
              onReconnect={() => actions.reconnect(account.id)}
              onDisconnect={() => props.onDisconnect(account)}
            />
          </AccountCard>
        ))}
      </ul>
      {content.canConnectAnother && (
        <button
          type="button"
          className="button button-add"
          onClick={() => actions.connectAnother()}
        >
          <PlusIcon />
          {messages.connectAnother}
        </button>
      )}
    </>
  );
}

function AccountButtons(props: { name: string; onReconnect(): void; onDisconnect(): void }) {
  const messages = useMessages();
  return (
    <div className="account-buttons">
      <button
        type="button"
        className="button button-small"
        aria-label={messages.reconnectAccount(props.name)}
        onClick={() => props.onReconnect()}
      >
        {messages.reconnect}
      </button>
      <button
        type="button"
        className="button button-small button-danger"
        aria-label={messages.disconnectAccount(props.name)}
        onClick={() => props.onDisconnect()}
      >
        {messages.disconnect}
      </button>
    </div>
  );
}
