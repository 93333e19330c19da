import * as z from "zod";
import { toSentence } from "../oauth/provider-words.ts";
import type { FailedOutcome } from "../oauth/token-outcome.ts";

/** Why a sign-in did not lead to a connection. */
export const AuthorizationErrorCode = z.enum([
  "authorization_unknown",
  "authorization_replayed",
  "authorization_expired",
  "authorization_other_browser",
  "authorization_interrupted",
  "authorization_denied",
  "callback_invalid",
  "app_credentials_missing",
  "provider_unavailable",
  "provider_timeout",
  "provider_answered_html",
  "provider_refused",
  "token_response_unreadable",
]);
export type AuthorizationErrorCode = z.output<typeof AuthorizationErrorCode>;

/** What happened and what to do next, in plain words for the user. */
export const AuthorizationFailure = z.object({ code: AuthorizationErrorCode, message: z.string() });
export type AuthorizationFailure = z.output<typeof AuthorizationFailure>;

/** Failures that do not depend on the provider. */
export const authorizationFailures = {
  unknown: {
    code: "authorization_unknown",
    message: "This sign-in was not started here. Go back to the app and connect again.",
  },
  replayed: {
    code: "authorization_replayed",
    message:
      "This sign-in was already used. If the account is not connected, go back to the app and connect again.",
  },
  expired: {
    code: "authorization_expired",
    message: "The sign-in was not completed in time. Go back to the app and connect again.",
  },
  otherBrowser: {
    code: "authorization_other_browser",
    message:
      "This sign-in was started in another browser or by another user, or this browser does not keep cookies. Connect again from the browser you use the app in.",
  },
  interrupted: {
    code: "authorization_interrupted",
    message: "The sign-in was interrupted before the account was stored. Connect again.",
  },
  incomplete: {
    code: "callback_invalid",
    message: "The provider sent neither a code nor an error. Go back to the app and connect again.",
  },
} as const satisfies Record<string, AuthorizationFailure>;

/** The failure that a provider's `error` at the redirect means (RFC 6749 §4.1.2.1). */
export function readCallbackError(
  title: string,
  error: string,
  description: string | undefined,
): AuthorizationFailure {
  const words = toSentence(description ?? error);
  switch (error) {
    case "access_denied":
      return {
        code: "authorization_denied",
        message: `Access to ${title} was not granted. Connect again and allow it to continue.`,
      };
    case "temporarily_unavailable":
    case "server_error":
      return {
        code: "provider_unavailable",
        message: `${title} could not complete the sign-in: ${words} Try again in a moment.`,
      };
    default:
      return {
        code: "provider_refused",
        message: `${title} refused the sign-in: ${words} Connect again.`,
      };
  }
}

/** The failure that an unsuccessful exchange of the code means. */
export function readExchangeFailure(title: string, outcome: FailedOutcome): AuthorizationFailure {
  const again = "Connect again in a moment.";
  switch (outcome.kind) {
    case "refused":
      return {
        code: "provider_refused",
        message: `${title} refused the sign-in: ${outcome.message} Connect again.`,
      };
    case "unavailable":
      return { code: "provider_unavailable", message: `${outcome.message} ${again}` };
    case "unknown":
      return { code: unknownCode(outcome.reason), message: `${outcome.message} ${again}` };
    default:
      return outcome satisfies never;
  }
}

function unknownCode(
  reason: Extract<FailedOutcome, { kind: "unknown" }>["reason"],
): AuthorizationErrorCode {
  switch (reason) {
    case "timeout":
      return "provider_timeout";
    case "cut":
    case "server_error":
      return "provider_unavailable";
    case "html":
      return "provider_answered_html";
    case "unreadable":
      return "token_response_unreadable";
    default:
      return reason satisfies never;
  }
}
