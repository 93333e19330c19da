import { type Connection, type ConnectionStore, selectConnection } from "@tenon/connections";
import { httpError } from "../http/errors.ts";

interface Choice {
  projectId: string;
  /** Id of the connected user. */
  userId: string;
  integrationId: string;
  /** The integration's type, for the words. */
  type: string;
  /** {@link selectConnection}. */
  selector: string | undefined;
}

/** The connection that a selector names, else the user's first valid one; throws `connection_not_found`. */
export async function chooseConnection(
  connections: ConnectionStore,
  { projectId, userId, integrationId, type, selector }: Choice,
): Promise<Connection> {
  const owned = await connections.list({ projectId, userId }, { integrationId });
  const chosen = selectConnection(owned, selector);
  if (chosen) return chosen;
  throw httpError(
    "connection_not_found",
    selector === undefined
      ? `This user has not connected "${type}" yet.`
      : `This user has no "${type}" connection "${selector}".`,
  );
}
