import { createHash, randomBytes, randomUUID } from "node:crypto";
import { AppError } from "@tenon/connector";
import type { AppCredentialsErrorCode, IntegrationKeys, OAuthApp } from "../app-credentials.ts";
import { selectConnection } from "../select-connection.ts";
import type { ConnectContext } from "./connect-context.ts";
import type { InstallOptions } from "./install-options.ts";

/** The sign-in of a user that is to begin. */
export interface StartAuthorization {
  integration: IntegrationKeys;
  userId: string;
  /** Where the provider sends the browser back to: `<TENON_URL>/oauth`. */
  redirectUri: string;
  installOptions: InstallOptions;
  /** The SDK's own key, by which it asks for the outcome. */
  sessionKey?: string | undefined;
  openerOrigin?: string | undefined;
}

/** A code that the customer's own redirect page received for one of its users. */
export interface CompleteInstall {
  integration: IntegrationKeys;
  userId: string;
  code: string;
  /** The one that was in the authorize URL, if any was. */
  redirectUri?: string | undefined;
  installOptions: InstallOptions;
}

/** Codes of errors thrown before a sign-in begins. */
export type ConnectErrorCode = AppCredentialsErrorCode | "connection_not_found";

const lifetimeMs = 10 * 60_000;

/** Writes the sign-in down and hands out its state, which is stored as a hash only. */
export async function createAuthorization(
  context: ConnectContext,
  request: StartAuthorization | CompleteInstall,
): Promise<{ id: string; state: string; app: OAuthApp }> {
  const { integration, userId, installOptions, redirectUri = null } = request;
  const app = await context.appCredentials.current(integration);
  await checkSelected(context, request);
  const id = randomUUID();
  const state = randomBytes(32).toString("base64url");
  const isCodeHere = "code" in request;
  await context.authorizations.create({
    id,
    stateHash: hashState(state),
    projectId: integration.projectId,
    integrationId: integration.id,
    userId,
    clientId: app.credentials.clientId,
    baseUrl: app.credentials.baseUrl,
    redirectUri,
    sessionKey: isCodeHere ? null : (request.sessionKey ?? null),
    openerOrigin: isCodeHere ? null : (request.openerOrigin ?? null),
    installOptions,
    lifetimeMs,
    startsExchanging: isCodeHere,
  });
  return { id, state, app };
}

/** How a state is known to the database. */
export function hashState(state: string): Buffer {
  return createHash("sha256").update(state).digest();
}

async function checkSelected(
  { connections }: ConnectContext,
  { integration, userId, installOptions }: StartAuthorization | CompleteInstall,
): Promise<void> {
  const { selectedCredentialId } = installOptions;
  if (selectedCredentialId === undefined) return;
  const { projectId, id: integrationId } = integration;
  const owned = await connections.list({ projectId, userId }, { integrationId });
  if (selectConnection(owned, selectedCredentialId) !== undefined) return;
  throw new AppError<ConnectErrorCode>(
    "connection_not_found",
    404,
    `This user has no connection "${selectedCredentialId}" to reconnect. Connect without selecting one.`,
  );
}
