import { type ActionClient, ProviderError } from "@tenon/connector";
import * as z from "zod";

interface Asked {
  method: string;
  path: string;
}

/** A client whose errors say in the user's words what is wrong and what to do about it. */
export function withClearErrors(client: ActionClient): ActionClient {
  // One function for both of `request`'s forms: the border to its overloads.
  const request: ActionClient["request"] = async (
    method: Parameters<ActionClient["request"]>[0],
    path: string,
    options?: Parameters<ActionClient["request"]>[2],
  ) => {
    try {
      return await client.request(method, path, options);
    } catch (error) {
      throw error instanceof ProviderError ? clearError(error, { method, path }) : error;
    }
  };
  return { request };
}

/** The same error with a message for the person who has to act on it. */
function clearError(error: ProviderError, asked: Asked): ProviderError {
  const message = clearMessage(error, asked);
  const { status, code, requestId, retryAfterMs, body } = error;
  return new ProviderError(message, {
    status,
    code,
    requestId,
    retryAfterMs,
    body,
    cause: error,
  });
}

const AdditionalData = z.looseObject({
  additional_data: z.looseObject({
    error_type: z.string().optional(),
    database_id: z.string().optional(),
    child_data_source_ids: z.array(z.string()).optional(),
    block_limit: z.unknown().optional(),
    rate_limit_reason: z.string().optional(),
  }),
});

function clearMessage(error: ProviderError, asked: Asked): string {
  const more = AdditionalData.safeParse(error.body).data?.additional_data;
  if (more?.error_type === "multiple_data_sources_for_database") {
    return severalDataSources(more.database_id, more.child_data_source_ids ?? []);
  }
  switch (error.code) {
    case "object_not_found":
      return notFound(error.message);
    case "validation_error":
      return refused(error.message);
    case "restricted_resource":
      return more?.block_limit === undefined
        ? lacksCapability(asked)
        : `${error.message} The workspace is on a plan that limits its blocks.`;
    case "conflict_error":
      return "Somebody else changed the same thing in Notion at the same moment. Try again.";
    case "rate_limited":
      return more?.rate_limit_reason === "public_api_request_blocked"
        ? "Notion has blocked this connection's requests; waiting does not help. Ask Notion's support."
        : "Notion takes no more requests of this connection for now. Try again later.";
    case undefined:
      return `Notion's network answered ${error.status} in place of Notion. Try again later.`;
    default:
      return error.message;
  }
}

/** Of a database that is meant as one data source but has several. */
function severalDataSources(database: string | undefined, ids: readonly string[]): string {
  const named = database === undefined ? "The database" : `The database ${database}`;
  return `${named} has several data sources: choose one of them. Their ids are ${ids.join(", ")}.`;
}

const missing =
  /^Could not find (?<kind>.+?) with ID: (?<id>[^\s]+?)\.(?: .*integration "(?<name>.*)"\.)?/s;

function notFound(message: string): string {
  const { kind = "object", id = "", name } = missing.exec(message)?.groups ?? {};
  if (id === "") return message;
  if (kind === "user") {
    return `This connection sees no user ${id}: the person is not in the workspace, or the connection may not read user information.`;
  }
  const added = name === undefined ? "this connection" : `"${name}"`;
  return `The ${kind} ${id} is not shared with this connection, or it does not exist: open it in Notion, choose ••• › Connections, and add ${added}.`;
}

/** `body failed validation: body.parent should be …`, or several such lines. */
const failedValidation =
  /^(?:body|path|query) failed validation(?:: |\. Fix one:\n)(?<faults>.*)$/s;
const fault = /^(?:body|path|query)\.(?<field>\S+) (?<rule>should .*)$/s;

function refused(message: string): string {
  const faults = failedValidation.exec(message)?.groups?.["faults"];
  if (faults === undefined) return `Notion refused this: ${message}`;
  const told = faults.split("\n").map((line) => {
    const { field, rule } = fault.exec(line)?.groups ?? {};
    return field === undefined ? line : `"${field}" ${rule}`;
  });
  return `Notion refused this: ${told.join(" Or: ")}`;
}

function lacksCapability(asked: Asked): string {
  return `This connection lacks the capability "${capabilityOf(asked)}": whoever owns the Notion integration turns it on in its settings, then the account is connected anew.`;
}

function capabilityOf({ method, path }: Asked): string {
  const isRead = method === "GET" || /\/(?:query|search)$/.test(path);
  if (path.startsWith("/v1/users")) return "Read user information";
  if (path.startsWith("/v1/comments")) return isRead ? "Read comments" : "Insert comments";
  if (isRead) return "Read content";
  const inserts =
    /^\/v1\/(?:pages|databases|data_sources|file_uploads.*)$/.test(path) ||
    path.endsWith("/children");
  return inserts ? "Insert content" : "Update content";
}
