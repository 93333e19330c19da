import type { IntegrationKeys } from "@tenon/connections";

/** An integration with what is stored of its webhook, if anything is. */
export interface StoredEndpoint {
  integration: IntegrationKeys;
  /** Null: no event is accepted. */
  sealedToken: Buffer | null;
  /** For every integration that uses the same development keys. */
  forApp: boolean;
  activatedAt: Date | null;
  lastEventAt: Date | null;
  lastRefusedAt: Date | null;
  lastRefusal: string | null;
  refusedCount: number;
}

/** A token that was sent to begin a subscription, by the provider or by anybody. */
export interface StoredHandshake {
  id: string;
  sealedToken: Buffer;
  receivedAt: Date;
}

/** Of an integration's webhook: whose row it is. */
export interface EndpointKey {
  integrationId: string;
  projectId: string;
}

/** What was refused since it was last written down. */
export interface Refusals extends EndpointKey {
  count: number;
  last: string;
  lastAt: Date;
}

/** Keeps how each integration's webhook is checked. */
export interface WebhookEndpointStore {
  /** Undefined: there is no such integration. */
  find(integrationId: string): Promise<StoredEndpoint | undefined>;
  /** The integrations of all projects that name this app as their own. */
  listOfApp(connectorId: string, clientId: string): Promise<IntegrationKeys[]>;
  /** A token that is there already is only received anew. The oldest go where there are more than five. */
  addHandshake(
    handshake: EndpointKey & { id: string; sealedToken: Buffer; tokenHash: Buffer },
  ): Promise<void>;
  /** The newest first, of the last seven days. */
  listHandshakes(integrationId: string): Promise<StoredHandshake[]>;
  /**
   * Accepts events signed with the token from now on, in place of any other, and removes all
   * handshakes. False, and nothing has changed: no handshake of the last seven days brought it.
   */
  activate(
    endpoint: EndpointKey & { sealedToken: Buffer; tokenHash: Buffer; forApp: boolean },
  ): Promise<boolean>;
  deactivate(integrationId: string): Promise<void>;
  /** Leaves out integrations that are gone. */
  addRefusals(refusals: readonly Refusals[]): Promise<void>;
}
