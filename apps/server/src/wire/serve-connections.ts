import type { ConnectFlow, ConnectionStore, Disconnect } from "@tenon/connections";
import { wire } from "@tenon/contract";
import { chooseConnection } from "../accounts/choose-connection.ts";
import { httpError } from "../http/errors.ts";
import { isAllowedOrigin } from "../identity/allowed-origins.ts";
import type { Caller } from "../identity/callers.ts";
import { findIntegration, findIntegrationById, requireActive } from "./find-integration.ts";
import type { ServeUser } from "./serve-user.ts";
import { toCredential } from "./to-wire.ts";

interface ConnectionServices {
  connections: ConnectionStore;
  connectFlow: ConnectFlow;
  disconnect: Disconnect;
}

/** Serves connections, "credentials" on the wire: read, connect, disconnect. */
export function serveConnections(serve: ServeUser, services: ConnectionServices): void {
  const { connections, connectFlow, disconnect } = services;

  serve(wire.getCredentials, async ({ query, headers }, { caller }) => {
    const scope = scopeOf(caller);
    if (query.integration === undefined) return (await connections.list(scope)).map(toCredential);
    const integration = findIntegration(caller.view, query.integration);
    return toCredential(
      await chooseConnection(connections, {
        ...scopeOf(caller),
        integrationId: integration.id,
        type: integration.connectorId,
        selector: headers["x-paragon-credential"],
      }),
    );
  });

  serve(wire.getCredential, async ({ params }, { caller }) => {
    const connection = await connections.find(scopeOf(caller), params.credentialId);
    if (!connection) {
      throw httpError(
        "connection_not_found",
        `This user has no connection "${params.credentialId}".`,
      );
    }
    return toCredential(connection);
  });

  serve(wire.disconnect, async ({ params, headers }, { caller }) => {
    const integration = findIntegrationById(caller.view, params.integrationId);
    const connection = await chooseConnection(connections, {
      ...scopeOf(caller),
      integrationId: integration.id,
      type: integration.connectorId,
      selector: headers["x-paragon-credential"],
    });
    return disconnect(scopeOf(caller), connection.id);
  });

  serve(wire.completeInstall, async ({ body }, { caller }) => {
    const integration = findIntegrationById(caller.view, body.integrationId);
    requireActive(integration);
    const outcome = await connectFlow.completeInstall({
      integration,
      userId: caller.user.id,
      code: body.code,
      redirectUri: body.redirectUrl,
      installOptions: {},
    });
    if (outcome.kind === "connected") {
      // Read again: connecting enables what is enabled by default.
      const { connection } = outcome;
      return toCredential((await connections.find(scopeOf(caller), connection.id)) ?? connection);
    }
    throw httpError("authorization_failed", outcome.failure.message, {
      details: { reason: outcome.failure.code },
    });
  });
}

interface SignInServices {
  connectFlow: ConnectFlow;
  /** The server's public URL. */
  url: string;
}

/** Serves the sign-in that the SDK starts and then asks the outcome of. */
export function serveSignIn(serve: ServeUser, services: SignInServices): void {
  const { connectFlow, url } = services;

  serve(wire.buildOauth, async ({ query }, { caller }) => {
    const { project } = caller.view;
    const integration = findIntegration(caller.view, query.action);
    requireActive(integration);
    for (const origin of [query.originForPostMessage, originOf(query.redirectUrl)]) {
      if (origin !== undefined) requireAllowedOrigin(origin, project.allowedOrigins);
    }
    const { authorizeUrl } = await connectFlow.startAuthorization({
      integration,
      userId: caller.user.id,
      redirectUri: query.redirectUrl || `${url}/oauth`,
      installOptions: query.installOptions,
      sessionKey: query.oauthMetaKeyId,
      openerOrigin: query.originForPostMessage,
    });
    return { redirectUrl: authorizeUrl };
  });

  serve(wire.getSession, async ({ params }, { caller }) => {
    const found = await connectFlow.findBySessionKey(scopeOf(caller), params.sessionKey);
    return found?.connectionId ? { connectCredentialId: found.connectionId } : {};
  });

  serve(wire.deleteSession, async ({ params }, { caller }) => {
    await connectFlow.forgetSessionKey(scopeOf(caller), params.sessionKey);
    return {};
  });

  serve(wire.getLatestAuthorization, async ({ query }, { caller }) => {
    const found = await connectFlow.findLatest(scopeOf(caller), {
      integrationId: findIntegration(caller.view, query.integration).id,
      since: new Date(query.since),
    });
    return {
      authorization: found ? { id: found.id, status: found.status, failure: found.failure } : null,
    };
  });
}

function scopeOf({ view, user }: Caller) {
  return { projectId: view.project.id, userId: user.id };
}

function requireAllowedOrigin(origin: string, allowed: readonly string[]): void {
  if (isAllowedOrigin(origin, allowed)) return;
  throw httpError(
    "origin_not_allowed",
    `The origin "${origin}" is not among the project's allowed origins. Add it to the project to connect accounts from there.`,
  );
}

function originOf(url: string | undefined): string | undefined {
  if (url === undefined || url === "") return undefined;
  if (URL.canParse(url)) return new URL(url).origin;
  throw httpError("invalid_request", "query.redirectUrl: must be a URL.");
}
