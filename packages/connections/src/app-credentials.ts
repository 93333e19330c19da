import { AppError, type Connector } from "@tenon/connector";
import type { SealPlace, Sealer } from "./sealing/sealer.ts";

/** What of an integration tells which app signs its users in. */
export interface IntegrationKeys {
  id: string;
  projectId: string;
  connectorId: string;
  /** Null: development keys serve. */
  clientId: string | null;
  sealedClientSecret: Buffer | null;
}

/** An app at the provider that acts for the users who consented to it. */
export interface AppCredentials {
  clientId: string;
  clientSecret: string;
  /** Where the provider is, without a trailing slash. */
  baseUrl: string;
  source: "project" | "development";
}

/** The operator's app for trying a connector out, shared by all projects. */
export interface DevelopmentKeys {
  clientId: string;
  clientSecret: string;
  /** Where the provider is, if not at the connector's own address. */
  baseUrl?: string | undefined;
}

/** Reads what {@link AppCredentialsSource} needs of integrations. */
export interface IntegrationKeysReader {
  find(integrationId: string): Promise<IntegrationKeys | undefined>;
}

/** A connector together with the app that acts at its provider. */
export interface OAuthApp {
  connector: Connector;
  credentials: AppCredentials;
}

/** Which app a sign-in or connection was made with. */
export interface AppReference {
  integrationId: string;
  connectorId: string;
  clientId: string;
  baseUrl: string;
}

/** Finds the app that sign-ins, renewals and revocations act as. */
export interface AppCredentialsSource {
  /** For a new sign-in: the integration's own, else development keys. Throws where there are none. */
  current(integration: IntegrationKeys): Promise<OAuthApp>;
  /** The app with the same client id, or undefined where none of them has it any more. */
  matching(made: AppReference): Promise<OAuthApp | undefined>;
}

/** Codes of errors raised for want of app credentials. */
export type AppCredentialsErrorCode = "app_credentials_missing" | "integration_not_found";

/** Where an integration's client secret is sealed. */
export function clientSecretPlace(integrationId: string): SealPlace {
  return { table: "integrations", column: "sealed_client_secret", rowId: integrationId };
}

/** Creates the source of app credentials from the integrations' own and the operator's keys. */
export function createAppCredentialsSource(options: {
  connectors: ReadonlyMap<string, Connector>;
  /** By connector id. */
  developmentKeys: ReadonlyMap<string, DevelopmentKeys>;
  integrations: IntegrationKeysReader;
  sealer: Sealer;
}): AppCredentialsSource {
  const { connectors, developmentKeys, integrations, sealer } = options;

  async function own(
    connector: Connector,
    { id, projectId, clientId, sealedClientSecret }: IntegrationKeys,
  ): Promise<OAuthApp | undefined> {
    if (clientId === null || sealedClientSecret === null) return undefined;
    const place = clientSecretPlace(id);
    const clientSecret = await sealer.open(projectId, place, sealedClientSecret);
    const { baseUrl } = connector.api;
    return { connector, credentials: { clientId, clientSecret, baseUrl, source: "project" } };
  }

  function development(connector: Connector): OAuthApp | undefined {
    const keys = developmentKeys.get(connector.id);
    if (keys === undefined) return undefined;
    const { clientId, clientSecret, baseUrl = connector.api.baseUrl } = keys;
    return { connector, credentials: { clientId, clientSecret, baseUrl, source: "development" } };
  }

  return {
    async current(integration) {
      const connector = connectors.get(integration.connectorId);
      if (connector === undefined) throw unknownConnector(integration.connectorId);
      const app =
        integration.clientId === null ? development(connector) : await own(connector, integration);
      if (app === undefined) throw appCredentialsMissing(connector.title, integration);
      return app;
    },

    async matching({ integrationId, connectorId, clientId, baseUrl }) {
      const connector = connectors.get(connectorId);
      const integration = await integrations.find(integrationId);
      if (connector === undefined || integration === undefined) return undefined;
      const app =
        integration.clientId === clientId
          ? await own(connector, integration)
          : development(connector);
      if (app?.credentials.clientId !== clientId) return undefined;
      return { connector, credentials: { ...app.credentials, baseUrl } };
    },
  };
}

function unknownConnector(connectorId: string): AppError<AppCredentialsErrorCode> {
  return new AppError(
    "integration_not_found",
    404,
    `This Tenon has no connector "${connectorId}".`,
  );
}

function appCredentialsMissing(
  title: string,
  { clientId }: IntegrationKeys,
): AppError<AppCredentialsErrorCode> {
  const lack = clientId === null ? "no app credentials" : "a Client ID but no Client Secret";
  return new AppError(
    "app_credentials_missing",
    409,
    `The ${title} integration has ${lack}. Set the Client ID and Client Secret of your ${title} app in the integration's settings.`,
  );
}
