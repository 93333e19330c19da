import { Dialog } from "@base-ui/react/dialog";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useMessages } from "../messages/use-messages.ts";
import type { Account } from "../sdk/account.ts";
import type { PortalActions, PortalContent } from "../session/portal-view.ts";
import { AccountsView } from "./accounts-view.tsx";
import { ArrivalContext } from "./arrival.ts";
import { DisconnectDialog, type DisconnectQuestion } from "./disconnect-dialog.tsx";
import { CloseIcon } from "./icons.tsx";
import { IntroView } from "./intro-view.tsx";
import { NoticeView } from "./notice-view.tsx";
import { ResultView } from "./result-view.tsx";
import { WaitingView } from "./waiting-view.tsx";

interface Props {
  content: PortalContent;
  actions: PortalActions;
}

/** What is inside the dialog. */
export function Card({ content, actions }: Props) {
  const [question, setQuestion] = useState<DisconnectQuestion>();
  const [tab, setTab] = useState("overview");
  const hasArrived = useRef(false);
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    hasArrived.current = true;
  }, []);

  async function disconnect(account: Account): Promise<void> {
    await actions.disconnect(account);
    setQuestion({ account, isOpen: false });
  }

  const messages = useMessages();
  return (
    <ArrivalContext value={hasArrived}>
      <Dialog.Close className="close" aria-label={messages.close}>
        <CloseIcon />
      </Dialog.Close>
      <CardBody
        content={content}
        actions={actions}
        tab={tab}
        onTab={setTab}
        notice={
          content.activity.kind === "idle" &&
          content.activity.notice && (
            <NoticeView ref={notice} notice={content.activity.notice} content={content} />
          )
        }
        onDisconnect={(account) => setQuestion({ account, isOpen: true })}
      />
      {question && (
        <DisconnectDialog
          question={question}
          content={content}
          focusAfter={notice}
          onConfirm={() => void disconnect(question.account)}
          onCancel={() => setQuestion({ ...question, isOpen: false })}
        />
      )}
    </ArrivalContext>
  );
}

interface BodyProps extends Props {
  tab: string;
  onTab(tab: string): void;
  notice: ReactNode;
  onDisconnect(account: Account): void;
}

function CardBody(props: BodyProps) {
  const { content, actions } = props;
  const { activity } = content;
  if (!content.isSignedIn) {
    return <ResultView outcome={{ kind: "signed-out" }} content={content} actions={actions} />;
  }
  switch (activity.kind) {
    case "waiting":
    case "finishing":
      return <WaitingView phase={activity} content={content} actions={actions} />;
    case "connected":
    case "denied":
    case "failed":
    case "expired":
      return <ResultView outcome={activity} content={content} actions={actions} />;
    case "idle":
    case "disconnecting":
      return content.accounts.length === 0 ? (
        <IntroView content={content} actions={actions} notice={props.notice} />
      ) : (
        <AccountsView {...props} />
      );
  }
}
