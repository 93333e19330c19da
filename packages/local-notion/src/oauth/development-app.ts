import type { App } from "../store/records.ts";

const capabilities = {
  readContent: true,
  updateContent: true,
  insertContent: true,
  readComments: true,
  insertComments: true,
  users: "with_email",
} as const;

/** Everything an app may be capable of. */
export const allCapabilities: App["capabilities"] = capabilities;

/**
 * The app that is there from the start, so that nothing has to be registered to develop against
 * Local Notion. Its secret is no secret: it opens nothing but a workspace on this machine.
 */
export const developmentApp = {
  clientId: "5f0b6a5c-9a1e-4d0e-8f2b-1c9d7e3a4b60",
  clientSecret: "secret_local_development_app_of_local_notion",
  name: "Development app",
} as const;

export function createDevelopmentApp(): App {
  return {
    id: developmentApp.clientId,
    name: developmentApp.name,
    clientSecret: developmentApp.clientSecret,
    redirectUris: [],
    allowsLoopbackRedirects: true,
    capabilities: allCapabilities,
  };
}
