import { createView, type View } from "../api/view.ts";
import { allCapabilities } from "../oauth/development-app.ts";
import type { Store } from "../store/store.ts";

/** How an app that may do everything sees all of the workspace `w`, at a time. */
export function viewOf(store: Store, time: number): View {
  return createView({
    store,
    clock: { now: () => time },
    version: "2026-03-11",
    connection: {
      id: "bot",
      appId: "app",
      workspaceId: "w",
      personId: null,
      shared: "all",
      createdTime: 0,
      grantedTime: 0,
      revokedTime: null,
    },
    app: {
      id: "app",
      name: "App",
      clientSecret: null,
      redirectUris: [],
      allowsLoopbackRedirects: false,
      capabilities: allCapabilities,
    },
    publicUrl: "",
    fileLinks: { create: () => "", isGood: () => true },
  });
}
