import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { Markdown } from "../markdown/markdown.tsx";
import { useMessages } from "../messages/use-messages.ts";
import type { PortalActions, PortalContent } from "../session/portal-view.ts";
import { useArrivalFocus } from "./arrival.ts";
import { LockIcon } from "./icons.tsx";
import { LinkMark } from "./link-mark.tsx";

/** Nothing is connected yet. */
export function IntroView(props: {
  content: PortalContent;
  actions: PortalActions;
  notice: ReactNode;
}) {
  const messages = useMessages();
  const connect = useArrivalFocus<HTMLButtonElement>();
  const { texts, projectTitle, type } = props.content;
  return (
    <>
      <div className="card-body intro">
        {props.notice}
        <LinkMark type={type} project={projectTitle} state="open" />
        <Dialog.Title className="panel-title" dir="auto">
          {messages.connectTo(texts.title, projectTitle)}
        </Dialog.Title>
        {texts.description !== "" && (
          <Dialog.Description className="intro-description" dir="auto">
            {texts.description}
          </Dialog.Description>
        )}
        <Markdown source={texts.overview} />
      </div>
      <footer className="card-footer">
        <p className="assurance">
          <LockIcon />
          {messages.connectAssurance(texts.title, projectTitle)}
        </p>
        <button
          ref={connect}
          type="button"
          className="button button-primary"
          onClick={() => props.actions.connect()}
        >
          {messages.connect(texts.title)}
        </button>
      </footer>
    </>
  );
}
