import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { httpError } from "../http/errors.ts";
import type { ProjectView } from "./project-directory.ts";

/** A verified user token. */
export interface UserToken {
  projectId: string;
  /** The token's `sub`: the customer's name for the user. */
  userId: string;
  expiresAtMs: number;
  /** The signing key that verified it. */
  signingKeyId: string;
}

/** What a customer's and a provider's clocks may differ by. */
const clockToleranceS = 30;
const maxHeld = 20_000;

export interface UserTokens {
  /** The token if it was verified before and is still good: not expired, its key not revoked. */
  peek(view: ProjectView, token: string): UserToken | undefined;
  /** Verifies a token; throws `user_token_invalid` or `user_token_expired`. */
  verify(view: ProjectView, token: string): Promise<UserToken>;
}

/**
 * Verifies user tokens, each once: RS256 by one of the project's active keys, with `sub`, `iat`
 * and `exp`; `iat` and `nbf` not in the future; `aud`, where present, naming this project.
 *
 * - A token held from before is good only with the project as it is now: an expired token, or one
 *   whose key is no longer among the active ones, is refused at once.
 * - Nothing is held of a token that was refused.
 *
 * @param hostname of this Tenon, for tokens whose `aud` is `<hostname>/<Project ID>`.
 */
export function createUserTokens(hostname: string, now: () => number = Date.now): UserTokens {
  const held = new Map<string, UserToken>();

  function peek(view: ProjectView, token: string): UserToken | undefined {
    const known = held.get(token);
    if (known === undefined || known.projectId !== view.project.id) return undefined;
    if (now() < known.expiresAtMs && view.signingKeys.has(known.signingKeyId)) return known;
    held.delete(token);
    return undefined;
  }

  return {
    peek,
    async verify(view, token) {
      const known = peek(view, token);
      if (known) return known;
      const verified = await verifyWithAnyKey(view, token, new Date(now()));
      checkTimes(verified.payload, now());
      checkAudience(verified.payload, view.project.id, hostname);
      const userToken: UserToken = {
        projectId: view.project.id,
        userId: readSubject(verified.payload),
        expiresAtMs: ((verified.payload.exp ?? 0) + clockToleranceS) * 1000,
        signingKeyId: verified.signingKeyId,
      };
      if (held.size >= maxHeld) held.delete(held.keys().next().value ?? "");
      held.set(token, userToken);
      return userToken;
    },
  };
}

async function verifyWithAnyKey(view: ProjectView, token: string, currentDate: Date) {
  if (view.signingKeys.size === 0) {
    throw httpError(
      "user_token_invalid",
      "The project has no active signing key, so no user token can be verified. Create one first.",
    );
  }
  for (const [signingKeyId, key] of candidateKeys(view, token)) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["RS256"],
        requiredClaims: ["sub", "iat", "exp"],
        clockTolerance: clockToleranceS,
        currentDate,
      });
      return { payload, signingKeyId };
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw refuse(error);
    }
  }
  throw httpError(
    "user_token_invalid",
    "The user token's signature matches no active signing key of this project. Sign it with the project's own private key.",
  );
}

/** The key that the token names by `kid`, else all of them: the customer need not set `kid`. */
function candidateKeys(view: ProjectView, token: string): Iterable<[string, CryptoKey]> {
  let kid: string | undefined;
  try {
    kid = decodeProtectedHeader(token).kid;
  } catch (error) {
    throw refuse(error);
  }
  const named = kid === undefined ? undefined : view.signingKeys.get(kid);
  return kid !== undefined && named ? [[kid, named]] : view.signingKeys;
}

function refuse(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    return httpError("user_token_expired", "The user token has expired. Sign a new one.", {
      cause: error,
    });
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return httpError("user_token_invalid", "The user token must be signed with RS256.", {
      cause: error,
    });
  }
  if (error instanceof errors.JOSEError) {
    return httpError("user_token_invalid", `The user token cannot be used: ${error.message}.`, {
      cause: error,
    });
  }
  return httpError("user_token_invalid", "The user token is not a JSON Web Token.", {
    cause: error,
  });
}

function checkTimes(payload: JWTPayload, nowMs: number): void {
  if ((payload.iat ?? 0) > nowMs / 1000 + clockToleranceS) {
    throw httpError(
      "user_token_invalid",
      "The user token's `iat` lies in the future. Check the clock of the server that signs it; times are in seconds.",
    );
  }
}

/** `useparagon.com/<Project ID>` is accepted so that a product's signing code can stay as it is. */
function checkAudience(payload: JWTPayload, projectId: string, hostname: string): void {
  if (payload.aud === undefined) return;
  const accepted = [projectId, `${hostname}/${projectId}`, `useparagon.com/${projectId}`];
  const audiences = [payload.aud].flat().map((one) => one.toLowerCase());
  if (accepted.some((one) => audiences.includes(one.toLowerCase()))) return;
  throw httpError(
    "user_token_invalid",
    `The user token's \`aud\` names another project. Use "${hostname}/${projectId}" or leave it out.`,
  );
}

function readSubject(payload: JWTPayload): string {
  const subject = payload.sub ?? "";
  if (subject === "" || subject.length > 500) {
    throw httpError(
      "user_token_invalid",
      "The user token's `sub` must be 1 to 500 characters: your own id of the user.",
    );
  }
  return subject;
}
