import { pageIdIn } from "../state/page-address.ts";
import { chosenWorkspace, forgetWorkspace, rememberWorkspace } from "./chosen-workspace.ts";

/** Who this page acts as: the workspace's owner. */
export interface Session {
  token: string;
  notionVersion: string;
  person: { id: string; name: string; email: string };
  /** The workspace's name. */
  workspace: string;
  workspaceId: string;
  /** All there are, this one too. */
  workspaces: readonly { id: string; name: string; icon: string | null }[];
}

/** A refused or failed request, with a message a person can read. */
class ApiError extends Error {
  /** HTTP status, or 0 when there was no answer at all. */
  readonly status: number;
  /** The API's error code, such as `object_not_found`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/** Whether there is no such thing: unknown, of another kind (400), or not served at all (400). */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && notFoundCodes.has(error.code);
}

const notFoundCodes = new Set(["object_not_found", "validation_error", "invalid_request_url"]);

/** Whether trying again unchanged may help: no answer, too busy, or a fault of the server. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status >= 500 || isBusy(error.status);
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export interface Client {
  session(): Promise<Session>;
  request<Answer>(method: string, path: string, body?: object): Promise<Answer>;
}

/**
 * Sends requests with the session's token.
 *
 * - 401: the session is read again once, as the server may have started anew with another token.
 * - 429, 529: waits as long as `Retry-After` says (at most 10 s), four times at most.
 * - 409: tried again after a short pause, as the API asks for.
 * - Anything else is thrown as an {@link ApiError}; nothing is repeated that may have been done.
 */
export function createClient(): Client {
  let session: Promise<Session> | undefined;
  const currentSession = () => {
    session ??= readSession().catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  };

  async function send(method: string, path: string, body?: object): Promise<Response> {
    const { token, notionVersion } = await currentSession();
    return reach(path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        "Notion-Version": notionVersion,
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async function sendPatiently(method: string, path: string, body?: object): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await send(method, path, body);
      if (response.status === 401 && attempt === 1) session = undefined;
      else if (!isBusy(response.status) || attempt > 4) return response;
      else await pause(pauseBefore(response, attempt));
    }
  }

  return {
    session: currentSession,
    async request<Answer>(method: string, path: string, body?: object) {
      return readAnswer<Answer>(await sendPatiently(method, path, body));
    },
  };
}

/**
 * The session of the workspace that the page in the address is in, else of the one chosen before.
 * One that is gone, such as after a reset, is forgotten.
 */
async function readSession(): Promise<Session> {
  const asked = new URLSearchParams();
  const pageId = pageIdIn(location.pathname);
  if (pageId !== undefined) asked.set("page_id", pageId);
  const chosen = chosenWorkspace();
  if (chosen !== null) asked.set("workspace_id", chosen);
  try {
    const session = await fetchJson<Session>(`/_local/session?${asked}`);
    rememberWorkspace(session.workspaceId);
    return session;
  } catch (error) {
    if (chosen === null || !isNotFound(error)) throw error;
    forgetWorkspace();
    return readSession();
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status === 529 || status === 409;
}

function pauseBefore(response: Response, attempt: number): number {
  const retryAfterMs = Number(response.headers.get("retry-after")) * 1000;
  return Math.min(retryAfterMs || 200 * 2 ** attempt, 10_000);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function fetchJson<Answer>(path: string): Promise<Answer> {
  return readAnswer<Answer>(await reach(path, {}));
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { cache: "no-store", ...init });
  } catch {
    throw new ApiError(0, "unreachable", "Local Notion is not answering.");
  }
}

/** The border of the page: an answer is taken to have the shape that the API promises. */
async function readAnswer<Answer>(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw toError(response, body);
  return body as Answer;
}

function toError(response: Response, body: unknown): ApiError {
  const told = body as { code?: string; message?: string } | undefined;
  return new ApiError(
    response.status,
    told?.code ?? "unknown",
    told?.message ?? `Local Notion answered with status ${response.status}.`,
  );
}
