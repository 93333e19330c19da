import { Dialog } from "@base-ui/react/dialog";
import { useRef } from "react";
import type { PortalActions, PortalView } from "../session/portal-view.ts";
import { toAccentStyle } from "./accent-style.ts";
import { Card } from "./card.tsx";

/** The portal as a modal dialog over the customer's page. */
export function PortalDialog({ view, actions }: { view: PortalView; actions: PortalActions }) {
  const popup = useRef<HTMLDivElement>(null);
  const { content } = view;
  return (
    <Dialog.Root
      open={view.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) actions.close();
      }}
      onOpenChangeComplete={(isOpen) => {
        if (!isOpen) actions.faded();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Viewport className="viewport">
          <Dialog.Popup
            ref={popup}
            className="card"
            style={toAccentStyle(content?.texts.accentColor)}
            // The dialog itself: its name and description are read out, and no button is armed.
            initialFocus={popup}
          >
            {content && <Card key={content.opening} content={content} actions={actions} />}
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
