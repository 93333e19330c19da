import type { ReactNode } from "react";
import type { Messages } from "../messages/english.ts";
import { useMessages } from "../messages/use-messages.ts";
import type { PortalActions, PortalContent } from "../session/portal-view.ts";
import type { SignInPhase } from "../session/sign-in.ts";
import { nameAccount } from "./account-words.ts";
import { LinkMark, type LinkState } from "./link-mark.tsx";
import { Panel } from "./panel.tsx";

type Outcome =
  | Extract<SignInPhase, { kind: "connected" | "denied" | "failed" | "expired" }>
  | { kind: "signed-out" };

interface Props {
  outcome: Outcome;
  content: PortalContent;
  actions: PortalActions;
}

const linkStates: Record<Outcome["kind"], LinkState> = {
  connected: "joined",
  denied: "broken",
  failed: "failed",
  expired: "broken",
  "signed-out": "broken",
};

/** How a sign-in ended, and the next move. */
export function ResultView({ outcome, content, actions }: Props) {
  const messages = useMessages();
  const { title, paragraphs } = describe(outcome, content, messages);
  return (
    <Panel
      mark={
        <LinkMark
          type={content.type}
          project={content.projectTitle}
          state={linkStates[outcome.kind]}
        />
      }
      title={title}
      actions={<Buttons outcome={outcome} actions={actions} />}
    >
      {paragraphs.map((text) => (
        <p key={text} dir="auto">
          {text}
        </p>
      ))}
    </Panel>
  );
}

function describe(outcome: Outcome, content: PortalContent, messages: Messages) {
  const { projectTitle: project, texts } = content;
  const provider = texts.title;
  switch (outcome.kind) {
    case "connected": {
      const account =
        content.accounts.find(({ id }) => id === outcome.accountId) ?? content.primaryAccount;
      const detail = account
        ? messages.connectedAccount(nameAccount(account, provider, messages), project)
        : messages.connectedDetail(project);
      return { title: messages.connected(provider), paragraphs: [detail] };
    }
    case "denied":
      return { title: messages.denied, paragraphs: [messages.deniedDetail(project)] };
    case "failed": {
      const reason = outcome.message ?? messages.failedUnknown(provider);
      return {
        title: messages.failed(provider),
        paragraphs: [reason, messages.failedNext(project)],
      };
    }
    case "expired":
      return { title: messages.expired, paragraphs: [messages.expiredDetail] };
    case "signed-out":
      return { title: messages.signedOut, paragraphs: [messages.signedOutDetail(project)] };
  }
}

function Buttons({ outcome, actions }: Pick<Props, "outcome" | "actions">): ReactNode {
  const messages = useMessages();
  if (outcome.kind === "signed-out" || outcome.kind === "connected") {
    return (
      <button type="button" className="button button-primary" onClick={() => actions.close()}>
        {outcome.kind === "connected" ? messages.done : messages.close}
      </button>
    );
  }
  return (
    <div className="button-row">
      <button type="button" className="button" onClick={() => actions.close()}>
        {messages.close}
      </button>
      <button type="button" className="button button-primary" onClick={() => actions.retry()}>
        {messages.tryAgain}
      </button>
    </div>
  );
}
