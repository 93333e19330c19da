import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type RefObject, useRef } from "react";
import { useMessages } from "../messages/use-messages.ts";
import type { Account } from "../sdk/account.ts";
import type { PortalContent } from "../session/portal-view.ts";
import { nameAccount } from "./account-words.ts";

export interface DisconnectQuestion {
  account: Account;
  /** False: answered, and fading out. */
  isOpen: boolean;
}

interface Props {
  question: DisconnectQuestion;
  content: PortalContent;
  onConfirm(): void;
}

/** Asks before an account is disconnected, and stays until it is. */
export function DisconnectDialog(
  props: Props & {
    /** The result, which takes the focus once it is there. */
    focusAfter: RefObject<HTMLElement | null>;
    onCancel(): void;
  },
) {
  const { question, content, onConfirm } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  const isBusy = content.activity.kind === "disconnecting";
  return (
    <AlertDialog.Root
      open={question.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen && !isBusy) props.onCancel();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop backdrop-nested" forceRender />
        <AlertDialog.Viewport className="viewport viewport-question">
          <AlertDialog.Popup
            className="question"
            initialFocus={cancel}
            finalFocus={() => props.focusAfter.current ?? true}
          >
            <Question {...{ question, content, onConfirm, isBusy, cancel }} />
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Question({
  question,
  content,
  isBusy,
  cancel,
  onConfirm,
}: Props & { isBusy: boolean; cancel: RefObject<HTMLButtonElement | null> }) {
  const messages = useMessages();
  const name = nameAccount(question.account, content.texts.title, messages);
  return (
    <>
      <AlertDialog.Title className="question-title" dir="auto">
        {messages.disconnectQuestion(name)}
      </AlertDialog.Title>
      <AlertDialog.Description className="question-text" dir="auto">
        {messages.disconnectConsequence(content.projectTitle)}
      </AlertDialog.Description>
      <div className="button-row">
        <AlertDialog.Close ref={cancel} className="button" disabled={isBusy}>
          {messages.cancel}
        </AlertDialog.Close>
        <button
          type="button"
          className="button button-danger-fill"
          // Not `disabled`: the button keeps the focus while it works.
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) onConfirm();
          }}
        >
          {isBusy ? messages.disconnecting : messages.disconnect}
        </button>
      </div>
    </>
  );
}
