import { createBackgroundWork } from "../background-work.ts";
import type { UserScope } from "../connection.ts";
import { authorizeUrl } from "../oauth/oauth.ts";
import type { Authorization } from "./authorization.ts";
import { authorizationFailures } from "./authorization-failure.ts";
import type { AuthorizationOutcome } from "./authorization-outcome.ts";
import { exchangeAndStore } from "./code-exchange.ts";
import { type AuthorizationCallback, completeAuthorization } from "./complete-authorization.ts";
import type { ConnectContext } from "./connect-context.ts";
import {
  type CompleteInstall,
  createAuthorization,
  hashState,
  type StartAuthorization,
} from "./start-authorization.ts";

/** Signs users in at providers: the authorization code grant of RFC 6749. */
export interface ConnectFlow {
  /**
   * Begins a sign-in: where to send the browser. Throws `app_credentials_missing`,
   * `integration_not_found`, or `connection_not_found` where the selected connection is none of
   * the user's (`ConnectErrorCode`).
   */
  startAuthorization(
    request: StartAuthorization,
  ): Promise<{ authorizationId: string; authorizeUrl: string }>;
  /** Ends a sign-in with what the provider sent the browser back with. */
  completeAuthorization(callback: AuthorizationCallback): Promise<AuthorizationOutcome>;
  /** Connects with a code that was received elsewhere. Throws as `startAuthorization`. */
  completeInstall(request: CompleteInstall): Promise<AuthorizationOutcome>;
  /** The user's newest sign-in of an integration since a time. */
  findLatest(
    scope: UserScope,
    query: { integrationId: string; since: Date },
  ): Promise<Authorization | undefined>;
  findBySessionKey(scope: UserScope, sessionKey: string): Promise<Authorization | undefined>;
  forgetSessionKey(scope: UserScope, sessionKey: string): Promise<void>;
  /** Waits for what still runs in the background: grants being revoked. */
  close(): Promise<void>;
}

/**
 * Creates the connect flow.
 *
 * - The state is 256 random bits; only its SHA-256 is stored. It is good for 10 minutes, once, and
 *   only in the browser that the proof names.
 * - The connection and the sign-in's outcome are written in one transaction. A process that dies
 *   between exchange and store leaves the sign-in `exchanging`; after a minute it reads as failed.
 */
export function createConnectFlow(options: Omit<ConnectContext, "background">): ConnectFlow {
  const background = createBackgroundWork(options.log);
  const context = { ...options, background };
  const { authorizations } = options;
  return {
    async startAuthorization(request) {
      const { id, state, app } = await createAuthorization(context, request);
      const { redirectUri } = request;
      return { authorizationId: id, authorizeUrl: authorizeUrl(app, { state, redirectUri }) };
    },
    completeAuthorization: (callback) => completeAuthorization(context, callback),
    async completeInstall(request) {
      const { state } = await createAuthorization(context, request);
      const authorization = await authorizations.findByStateHash(hashState(state));
      return authorization === undefined
        ? { kind: "failed", authorization, failure: authorizationFailures.unknown }
        : exchangeAndStore(context, authorization, request.code);
    },
    findLatest: (scope, query) => authorizations.findLatest(scope, query),
    findBySessionKey: (scope, sessionKey) => authorizations.findBySessionKey(scope, sessionKey),
    forgetSessionKey: (scope, sessionKey) => authorizations.forgetSessionKey(scope, sessionKey),
    close: () => background.close(),
  };
}
