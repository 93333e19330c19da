import {
  type AppCredentialsSource,
  type IntegrationKeys,
  type OAuthApp,
  SealingError,
} from "@tenon/connections";
import { AppError } from "@tenon/connector";
import type { StoredEndpoint, WebhookEndpointStore } from "./endpoint-store.ts";
import type { Audience, Routing } from "./event-store.ts";
import { isSameText } from "./signature.ts";

/**
 * Says which integrations an endpoint's events may concern, and of which app's connections.
 *
 * Who owns an endpoint can sign any event for it. So it reaches no further than its owner does: to
 * integrations that know the same client secret, which is no secret of this project's alone, and to
 * all that use the operator's development keys only where an operator has said so.
 */
export function createReadAudience(options: {
  endpoints: Pick<WebhookEndpointStore, "listOfApp">;
  appCredentials: Pick<AppCredentialsSource, "current">;
}): (endpoint: StoredEndpoint) => Promise<Pick<Routing, "clientId" | "audience">> {
  const { endpoints, appCredentials } = options;

  /** The app that an integration acts as; undefined: it has none, or its secret does not open. */
  async function appOf(integration: IntegrationKeys): Promise<OAuthApp | undefined> {
    try {
      return await appCredentials.current(integration);
    } catch (error) {
      if (error instanceof AppError || error instanceof SealingError) return undefined;
      throw error;
    }
  }

  async function sharing({ id, connectorId }: IntegrationKeys, app: OAuthApp): Promise<string[]> {
    const { clientId, clientSecret } = app.credentials;
    const ids = [id];
    for (const other of await endpoints.listOfApp(connectorId, clientId)) {
      if (other.id === id) continue;
      const same = await appOf(other);
      if (same && isSameText(same.credentials.clientSecret, clientSecret)) ids.push(other.id);
    }
    return ids;
  }

  return async ({ integration, forApp }) => {
    const app = await appOf(integration);
    const onlyItself: Audience = { kind: "integrations", ids: [integration.id] };
    if (app === undefined) return { clientId: undefined, audience: onlyItself };
    const { clientId, source } = app.credentials;
    if (source === "project") {
      return { clientId, audience: { kind: "integrations", ids: await sharing(integration, app) } };
    }
    return { clientId, audience: forApp ? { kind: "developmentKeys" } : onlyItself };
  };
}
