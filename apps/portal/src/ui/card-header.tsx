import { Dialog } from "@base-ui/react/dialog";
import { useMessages } from "../messages/use-messages.ts";
import type { PortalContent } from "../session/portal-view.ts";
import { ProviderIcon } from "./provider-icon.tsx";

/** Which integration the accounts below belong to. */
export function CardHeader({ content }: { content: PortalContent }) {
  const messages = useMessages();
  const { texts, projectTitle } = content;
  return (
    <header className="card-header">
      <ProviderIcon type={content.type} />
      <div className="card-heading">
        <Dialog.Title className="card-title" dir="auto">
          {texts.title}
        </Dialog.Title>
        <Dialog.Description className="card-description" dir="auto">
          {texts.description || messages.connectDescription(texts.title, projectTitle)}
        </Dialog.Description>
      </div>
    </header>
  );
}
