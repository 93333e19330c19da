import type { IncomingMessage } from "node:http";
import { authenticate, type Caller } from "../api/authenticate.ts";
import { serveApi } from "../api/serve-api.ts";
import type { RequestEntry } from "../control/request-log.ts";
import { serveControl } from "../control/serve-control.ts";
import { toError, type Outcome } from "../faults/faults.ts";
import { newUuid } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { authorize } from "../oauth/authorize.ts";
import { isOAuthPath, serveOAuth } from "../oauth/serve-oauth.ts";
import { BodyTooLarge } from "./read-body.ts";
import { htmlReply, jsonReply, type Reply } from "./reply.ts";
import { serveFile } from "./static-files.ts";

export interface Answer extends Reply {
  /** Bytes of the body after which the connection is cut, when a fault says so. */
  cutAfterBytes?: number;
}

/** Finds what answers a request and turns whatever goes wrong into an answer. */
export async function handleRequest(instance: Instance, message: IncomingMessage): Promise<Answer> {
  const url = new URL(message.url ?? "/", "http://local-notion");
  if (url.pathname.startsWith("/_local/")) return serveControl(instance, message, url);
  if (!url.pathname.startsWith("/v1/")) return serveFile(message, url.pathname);
  const requestId = newUuid();
  const entry: RequestEntry = {
    requestId,
    time: new Date(instance.clock.now()).toISOString(),
    method: message.method ?? "GET",
    path: url.pathname,
    query: url.search,
    headers: message.headers,
    status: null,
    connectionId: null,
  };
  instance.requests.add(entry);
  const answer = await answerWithFaults(instance, { message, url, entry });
  entry.status = answer.status;
  return { ...answer, headers: { ...answer.headers, "x-notion-request-id": requestId } };
}

interface Incoming {
  message: IncomingMessage;
  url: URL;
  entry: RequestEntry;
}

async function answerWithFaults(instance: Instance, incoming: Incoming): Promise<Answer> {
  const { message, url, entry } = incoming;
  try {
    const isApi = !isOAuthPath(url.pathname) && url.pathname !== "/v1/oauth/authorize";
    const caller = isApi ? authenticate(instance, message.headers.authorization) : undefined;
    entry.connectionId = caller?.connection.id ?? null;
    const fault = instance.faults.strike(entry);
    await delay(fault?.delayMs);
    if (fault?.status && fault.when !== "after_save") return failed(fault, entry.requestId);
    const answer = await dispatch(instance, incoming, { caller, fault });
    const cut = fault?.cutAfterBytes;
    return cut === undefined ? answer : { ...answer, cutAfterBytes: cut };
  } catch (error) {
    return toAnswer(error, entry.requestId);
  }
}

async function dispatch(
  instance: Instance,
  { message, url, entry }: Incoming,
  { caller, fault }: { caller: Caller | undefined; fault: Outcome | undefined },
): Promise<Reply> {
  const { requestId } = entry;
  const path = url.pathname;
  if (caller) {
    return serveApi(instance, caller, {
      message,
      path,
      search: url.searchParams,
      requestId,
      fault,
    });
  }
  if (isOAuthPath(path)) {
    const answer = await serveOAuth(instance, message, { path, requestId });
    return fault?.status ? failed(fault, requestId) : answer;
  }
  return authorize(instance, message, url);
}

/** An error set by a fault: as the API words it, or as the network in front of it does. */
function failed(fault: Outcome, requestId: string): Reply {
  const error = toError(fault);
  if (fault.html) return edgeReply(error.status, error.headers);
  return jsonReply(error.status, error.toBody(requestId), error.headers);
}

function edgeReply(status: number, headers: Record<string, string>): Reply {
  const html = `<html>\n<head><title>${status} error</title></head>\n<body>\n<center><h1>${status} error</h1></center>\n<hr><center>edge</center>\n</body>\n</html>\n`;
  const reply = htmlReply(status, html);
  return { ...reply, headers: { ...reply.headers, ...headers, "cf-ray": "local-notion" } };
}

function toAnswer(error: unknown, requestId: string): Reply {
  if (error instanceof NotionError) {
    return jsonReply(error.status, error.toBody(requestId), error.headers);
  }
  if (error instanceof BodyTooLarge) {
    const tooLarge = new NotionError([413, "validation_error"], "Request body too large.");
    return jsonReply(413, tooLarge.toBody(requestId));
  }
  // Who went away in the middle of a request gets no answer, and nothing is wrong here.
  if (isAborted(error)) return { status: 499, headers: {}, body: "" };
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  const unexpected = new NotionError([500, "internal_server_error"], "Unexpected error occurred.");
  return jsonReply(500, unexpected.toBody(requestId));
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}

async function delay(ms: number | undefined): Promise<void> {
  if (ms !== undefined) await new Promise((resolve) => setTimeout(resolve, ms));
}
