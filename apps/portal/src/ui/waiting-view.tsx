import { useMessages } from "../messages/use-messages.ts";
import type { PortalActions, PortalContent } from "../session/portal-view.ts";
import type { SignInPhase } from "../session/sign-in.ts";
import { LinkMark } from "./link-mark.tsx";
import { Panel } from "./panel.tsx";
import { singleClick } from "./single-click.ts";

/** The user is at the provider, in the window that was opened. */
export function WaitingView(props: {
  phase: Extract<SignInPhase, { kind: "waiting" | "finishing" }>;
  content: PortalContent;
  actions: PortalActions;
}) {
  const messages = useMessages();
  const { phase, actions } = props;
  const { texts, projectTitle, type } = props.content;
  const isBlocked = phase.kind === "waiting" && phase.isBlocked;
  return (
    <Panel
      mark={<LinkMark type={type} project={projectTitle} state={isBlocked ? "open" : "waiting"} />}
      title={toTitle()}
      actions={
        <div className="button-row">
          <button type="button" className="button" onClick={singleClick(() => actions.dismiss())}>
            {messages.cancel}
          </button>
          <button
            type="button"
            className={isBlocked ? "button button-primary" : "button"}
            disabled={phase.kind === "finishing"}
            onClick={singleClick(() => actions.openAgain())}
          >
            {messages.openAgain}
          </button>
        </div>
      }
    >
      <p dir="auto">{toDetail()}</p>
      {phase.kind === "waiting" && phase.isSlow && <p dir="auto">{messages.waitingSlow}</p>}
    </Panel>
  );

  function toTitle(): string {
    if (phase.kind === "finishing") return messages.finishing;
    return isBlocked ? messages.waitingBlocked : messages.waiting;
  }

  function toDetail(): string {
    if (phase.kind === "finishing") return messages.finishingDetail(texts.title);
    return isBlocked
      ? messages.waitingBlockedDetail
      : messages.waitingDetail(texts.title, projectTitle);
  }
}
