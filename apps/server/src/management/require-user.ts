import type { ConnectedUser, ConnectedUserStore } from "@tenon/postgres";
import { httpError } from "../http/errors.ts";

/** The connected user whom the customer names so; throws `user_not_found`. */
export async function requireUser(
  users: ConnectedUserStore,
  projectId: string,
  externalId: string,
): Promise<ConnectedUser> {
  const user = await users.find(projectId, externalId);
  if (user) return user;
  throw httpError("user_not_found", `The project has no connected user "${externalId}".`);
}
