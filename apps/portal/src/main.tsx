import "./styles/base.css";
import "./styles/dialog.css";
import "./styles/card.css";
import "./styles/parts.css";
import "./styles/accounts.css";
import "./styles/preferences.css";
import { createRoot } from "react-dom/client";
import { createPortalApi } from "./api/portal-api.ts";
import { createSdkBridge } from "./sdk/sdk-bridge.ts";
import { Portal } from "./session/portal.ts";
import { App } from "./ui/app.tsx";

const portal = new Portal(createSdkBridge(window), createPortalApi());
const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element.");
createRoot(root).render(<App portal={portal} />);
