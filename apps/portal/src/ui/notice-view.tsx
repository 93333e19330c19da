import type { RefObject } from "react";
import type { Messages } from "../messages/english.ts";
import { useMessages } from "../messages/use-messages.ts";
import type { Notice, PortalContent } from "../session/portal-view.ts";
import { nameAccount } from "./account-words.ts";
import { CheckIcon, WarningIcon } from "./icons.tsx";

/** What became of a disconnect. */
export function NoticeView({
  ref,
  notice,
  content,
}: {
  ref: RefObject<HTMLDivElement | null>;
  notice: Notice;
  content: PortalContent;
}) {
  const messages = useMessages();
  const { tone, title, paragraphs } = describe(notice, content, messages);
  return (
    <div ref={ref} className="notice" data-tone={tone} aria-live="polite" tabIndex={-1}>
      {tone === "success" ? <CheckIcon /> : <WarningIcon />}
      <div>
        <h3 dir="auto">{title}</h3>
        {paragraphs.map((text) => (
          <p key={text} dir="auto">
            {text}
          </p>
        ))}
      </div>
    </div>
  );
}

function describe({ account, result }: Notice, content: PortalContent, messages: Messages) {
  const provider = content.texts.title;
  const name = nameAccount(account, provider, messages);
  switch (result.kind) {
    case "disconnected":
      return { tone: "success", title: messages.disconnected(name), paragraphs: [] };
    case "not-revoked":
      return {
        tone: "warning",
        title: messages.notRevoked(name),
        paragraphs: [
          ...(result.message === undefined ? [] : [result.message]),
          messages.notRevokedDetail(provider, content.projectTitle),
        ],
      };
    case "refused":
      return {
        tone: "danger",
        title: messages.notDisconnected(name),
        paragraphs: [result.message, messages.notDisconnectedNext],
      };
  }
}
