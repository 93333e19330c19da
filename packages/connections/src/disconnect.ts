import { AppError, type Connector } from "@tenon/connector";
import type { AppCredentialsSource } from "./app-credentials.ts";
import type { ConnectionStore, UserScope } from "./connection.ts";
import type { ConnectionErrorCode } from "./credentials.ts";
import type { Log } from "./log.ts";
import { revokeToken } from "./oauth/oauth.ts";
import type { Sealer } from "./sealing/sealer.ts";
import { openTokens } from "./tokens/token-pair.ts";

/** What became of a disconnected account's grant at the provider. */
export interface Disconnected {
  connectionId: string;
  integrationId: string;
  /** Whether the provider confirmed that the tokens no longer work. */
  revoked: boolean;
  /** Where it did not: why, and what the user can do. */
  message?: string;
}

/** Removes a user's connection. Throws `connection_not_found`. */
export type Disconnect = (scope: UserScope, connectionId: string) => Promise<Disconnected>;

/**
 * Creates the function that disconnects accounts.
 *
 * - The connection is deleted first: no call that begins later gets its tokens, on any process.
 * - Then its grant is revoked at the provider, for at most 10 s. Where that fails, the answer says
 *   so and the connection stays deleted; the tokens are forgotten here in any case.
 * - A renewal that is under way meanwhile finds the connection gone and revokes what it got.
 * - A process that dies between the two leaves tokens that nobody has any more, not revoked.
 */
export function createDisconnect(options: {
  connectors: ReadonlyMap<string, Connector>;
  connections: ConnectionStore;
  appCredentials: AppCredentialsSource;
  sealer: Sealer;
  /** Holds tokens in memory that must go at once. */
  credentials: { forget(connectionId: string): void };
  log: Log;
}): Disconnect {
  const { connectors, connections, appCredentials, sealer, credentials, log } = options;

  return async (scope, connectionId) => {
    const removed = await connections.remove(scope, connectionId);
    if (removed === undefined) {
      throw new AppError<ConnectionErrorCode>(
        "connection_not_found",
        404,
        `This user has no connection ${connectionId}. It may have been disconnected already.`,
      );
    }
    const { connection, sealedTokens } = removed;
    const { id, integrationId, connectorId, projectId } = connection;
    credentials.forget(id);
    const title = connectors.get(connectorId)?.title ?? connectorId;
    const message = await revoke().catch((cause: unknown) => {
      log.error({ err: cause, connectionId: id }, "Revoking a disconnected account failed");
      return "its tokens could not be read.";
    });
    return message === undefined
      ? { connectionId: id, integrationId, revoked: true }
      : { connectionId: id, integrationId, revoked: false, message: toWords(message) };

    async function revoke(): Promise<string | undefined> {
      const app = await appCredentials.matching(connection);
      if (app === undefined) return "the app it was connected with is no longer set up.";
      const tokens = openTokens(await sealer.forProject(projectId), id, sealedTokens);
      const answer = await revokeToken(app, tokens);
      return answer.revoked ? undefined : answer.message;
    }

    function toWords(reason: string): string {
      return `The account is disconnected, but ${title} did not confirm that its access ended: ${reason} To be sure, remove the app in ${title}'s own settings.`;
    }
  };
}
