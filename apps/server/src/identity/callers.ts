import { ChangeCache, type ChangeFeed } from "@tenon/connections";
import type { ConnectedUser, ConnectedUserStore } from "@tenon/postgres";
import { randomUUID } from "node:crypto";
import { httpError } from "../http/errors.ts";
import type { ProjectDirectory, ProjectView } from "./project-directory.ts";
import type { UserTokens } from "./user-tokens.ts";

/** Who makes a request with a user token. */
export interface Caller {
  view: ProjectView;
  user: ConnectedUser;
}

export interface Callers {
  /** The caller if all that proves it is in memory: no promise on the proxy's path. */
  peek(projectId: string, userToken: string): Caller | undefined;
  /**
   * Proves the caller; a user seen for the first time is made a connected user.
   * Throws the codes of user tokens and `project_not_found`.
   */
  get(projectId: string, userToken: string | undefined): Promise<Caller>;
  /** After a change of this process's own: what was changed of a user holds from this moment on. */
  forget(userId: string): void;
}

/** Turns a project and a user token into the connected user behind them. */
export function createCallers(options: {
  projects: ProjectDirectory;
  userTokens: UserTokens;
  users: ConnectedUserStore;
  feed: ChangeFeed;
}): Callers {
  const { projects, userTokens, users, feed } = options;
  const cache = new ChangeCache<ConnectedUser>({
    feed,
    tagOf: ({ table, id }) => (table === "connected_users" ? id : undefined),
    tags: (user) => [user.id],
  });

  return {
    peek(projectId, userToken) {
      const view = projects.peek(projectId);
      const token = view && userTokens.peek(view, userToken);
      const user = token && cache.peek(keyOf(projectId, token.userId));
      return view && user && { view, user };
    },

    async get(projectId, userToken) {
      if (userToken === undefined || userToken === "") {
        throw httpError(
          "user_token_missing",
          "Send the user token your backend signed as `Authorization: Bearer <token>`.",
        );
      }
      const view = await projects.get(projectId);
      const { userId } = await userTokens.verify(view, userToken);
      const user = await cache.get(keyOf(projectId, userId), () =>
        users.ensure({ id: randomUUID(), projectId, externalId: userId }),
      );
      return { view, user };
    },

    forget: (userId) => cache.drop(userId),
  };
}

function keyOf(projectId: string, userId: string): string {
  return `${projectId} ${userId}`;
}
