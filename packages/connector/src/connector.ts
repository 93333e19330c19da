import type { Api } from "./api.ts";
import type { OAuth2 } from "./auth.ts";

/** A provider, described: what its folder under `connectors/` exports. */
export interface Connector {
  /** Kebab-case id, the `type` of the SDK's wire. */
  id: string;
  title: string;
  /** CSS colour of the provider's brand. */
  brandColor: string;
  /** SVG source of the icon. */
  icon: string;
  /** Markdown shown to the end user before connecting. */
  description: string;
  auth: OAuth2;
  api: Api;
}

/** Declares a connector and checks at load time what types cannot. */
export function defineConnector(connector: Connector): Connector {
  if (!/^[a-z][a-z0-9-]*$/.test(connector.id)) {
    throw new TypeError(`Connector id "${connector.id}" must be kebab-case.`);
  }
  const baseUrl = new URL(connector.api.baseUrl);
  if (connector.api.baseUrl.endsWith("/") || baseUrl.search !== "" || baseUrl.hash !== "") {
    throw new TypeError(
      `Connector "${connector.id}": api.baseUrl must be an origin and path without a trailing slash.`,
    );
  }
  return Object.freeze(connector);
}
