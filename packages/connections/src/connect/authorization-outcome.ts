import type { Connection } from "../connection.ts";
import type { Authorization } from "./authorization.ts";
import type { AuthorizationFailure } from "./authorization-failure.ts";

/** How a sign-in ended. Every end is an expected answer. */
export type AuthorizationOutcome =
  | { kind: "connected"; authorization: Authorization; connection: Connection }
  | {
      kind: "failed";
      /** Undefined: nothing proves that the browser belongs to a sign-in. */
      authorization: Authorization | undefined;
      failure: AuthorizationFailure;
    };
