import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createWorkspace } from "./workspace/workspace.ts";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App workspace={createWorkspace()} />);
