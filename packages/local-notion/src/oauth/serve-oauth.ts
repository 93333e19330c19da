import type { IncomingMessage } from "node:http";
import { NotionError } from "../notion-error.ts";
import { jsonReply, type Reply } from "../http/reply.ts";
import { mostBodyBytes, readBody } from "../http/read-body.ts";
import type { Instance } from "../instance.ts";
import type { App } from "../store/records.ts";
import { authenticateClient } from "./client-auth.ts";
import { OAuthError } from "./oauth-error.ts";
import { exchangeToken, introspectToken, revokeToken } from "./token.ts";

type Operation = (instance: Instance, app: App, body: unknown) => object;

const operations: Readonly<Record<string, Operation>> = {
  "/v1/oauth/token": exchangeToken,
  "/v1/oauth/introspect": introspectToken,
  "/v1/oauth/revoke": revokeToken,
};

export function isOAuthPath(path: string): boolean {
  return path in operations;
}

/** The endpoints apps call with their own credentials. */
export async function serveOAuth(
  instance: Instance,
  request: IncomingMessage,
  { path, requestId }: { path: string; requestId: string },
): Promise<Reply> {
  const headers = { "cache-control": "no-store" };
  try {
    const operation = operations[path];
    if (request.method !== "POST" || !operation) {
      throw new NotionError([400, "invalid_request_url"], "Invalid request URL.");
    }
    const body = await readOAuthBody(request);
    const app = authenticateClient(instance, request.headers.authorization);
    const { result, changes } = instance.store.transact(() => operation(instance, app, body));
    instance.changes.tell(changes);
    return jsonReply(200, { ...result, request_id: requestId }, headers);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const body = error.toBody(requestId, instance.settings.oauthErrors);
    return jsonReply(error.status, body, headers);
  }
}

/** JSON, as documented; forms too, since generic OAuth clients send them. */
async function readOAuthBody(request: IncomingMessage): Promise<unknown> {
  const text = (await readBody(request, mostBodyBytes)).toString("utf8");
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new OAuthError("invalid_request", "Error parsing JSON body.");
  }
}
