import { CSPProvider } from "@base-ui/react/csp-provider";
import { useSyncExternalStore } from "react";
import type { Portal } from "../session/portal.ts";
import { PortalDialog } from "./portal-dialog.tsx";

export function App({ portal }: { portal: Portal }) {
  const view = useSyncExternalStore(portal.subscribe, portal.read);
  return (
    // The page's policy allows no style elements: what Base UI would add is in src/styles.
    <CSPProvider disableStyleElements>
      <PortalDialog view={view} actions={portal} />
    </CSPProvider>
  );
}
