import type { Instance } from "../instance.ts";
import type { App } from "../store/records.ts";
import { isAllowedRedirect } from "./redirect-uri.ts";

export interface AuthorizeRequest {
  app: App;
  redirectUri: string;
  /** Whether the request named it, instead of leaving it to the only one configured. */
  redirectUriGiven: boolean;
  state: string | undefined;
}

export type CheckedRequest =
  | { kind: "good"; request: AuthorizeRequest }
  /** Shown to the person: there is no address that may be trusted with the error. */
  | { kind: "page"; title: string; message: string }
  /** Sent back to the app, RFC 6749 section 4.1.2.1. */
  | { kind: "redirect"; location: string };

/** Checks the parameters of an authorization request. */
export function checkAuthorizeRequest(instance: Instance, params: URLSearchParams): CheckedRequest {
  const app = instance.store.get("apps", (params.get("client_id") ?? "").toLowerCase());
  if (!app || app.clientSecret === null) {
    const message =
      "No app with this client_id is registered here. Check client_id in the address.";
    return { kind: "page", title: "Unknown app", message };
  }
  const given = params.get("redirect_uri");
  const redirectUri = given ?? (app.redirectUris.length === 1 ? app.redirectUris[0] : undefined);
  if (redirectUri === undefined || !isAllowedRedirect(app, redirectUri)) {
    const message =
      redirectUri === undefined
        ? `${app.name} has no single redirect address, so redirect_uri must name one.`
        : `${redirectUri} is not a redirect address of ${app.name}. Register it, or use one that is.`;
    return { kind: "page", title: "Redirect address not allowed", message };
  }
  const state = params.get("state") ?? undefined;
  const error = findError(params);
  if (error) return { kind: "redirect", location: withParams(redirectUri, { ...error, state }) };
  return {
    kind: "good",
    request: { app, redirectUri, redirectUriGiven: given !== null, state },
  };
}

const singleParams = ["client_id", "redirect_uri", "response_type", "owner", "state"];

function findError(
  params: URLSearchParams,
): { error: string; error_description: string } | undefined {
  const repeated = singleParams.find((name) => params.getAll(name).length > 1);
  if (repeated) {
    return { error: "invalid_request", error_description: `${repeated} is given more than once.` };
  }
  const responseType = params.get("response_type");
  if (responseType === null) {
    return { error: "invalid_request", error_description: "response_type is missing." };
  }
  if (responseType !== "code") {
    const error_description = "response_type must be code.";
    return { error: "unsupported_response_type", error_description };
  }
  if (params.get("owner") !== "user") {
    return { error: "invalid_request", error_description: "owner must be user." };
  }
  return undefined;
}

/** An address with parameters added to those it has. */
export function withParams(address: string, params: Record<string, string | undefined>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.toString();
}
