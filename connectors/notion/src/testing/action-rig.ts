import {
  type Action,
  type ActionClient,
  type FileContent,
  ProviderError,
  readProviderError,
} from "@tenon/connector";
import { createLocalNotion, type LocalNotionOptions } from "local-notion";
import type * as z from "zod";
import { api } from "../api.ts";
import { createStep, type Step } from "./step.ts";

/** A request as Local Notion logs it. */
export interface LoggedRequest {
  method: string;
  path: string;
  query: string;
  status: number | null;
}

export interface ActionRig {
  url: string;
  /** Calls Notion with a connection's token, as an action's client does. */
  client: ActionClient;
  /** A client with another token, such as one that sees less. */
  clientOf(token: string): ActionClient;
  /** Runs an action once, from its unparsed input to its parsed output. */
  run<Output extends z.ZodType>(
    action: Action<z.ZodObject, Output>,
    input: Record<string, unknown>,
    client?: ActionClient,
  ): Promise<z.output<Output>>;
  /** A step whose attempts share what their finished parts gave. */
  step<Output extends z.ZodType>(
    action: Action<z.ZodObject, Output>,
    input: Record<string, unknown>,
  ): Step<z.output<Output>>;
  /** Makes a token that sees only these pages, or has only these capabilities. */
  mintToken(options: { pageIds?: string[]; capabilities?: object; name?: string }): Promise<string>;
  /** Sets a rule over requests, and what happens to those it strikes, as `/_local/faults` takes it. */
  fault(rule: Record<string, unknown>, outcome?: Record<string, unknown>): Promise<void>;
  clearFaults(): Promise<void>;
  changeSettings(settings: Record<string, unknown>): Promise<void>;
  /** The requests since the last {@link forgetRequests}. */
  requests(): Promise<LoggedRequest[]>;
  /** Those among them that change something. */
  writes(): Promise<LoggedRequest[]>;
  forgetRequests(): Promise<void>;
  /** Starts over with an empty workspace. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Local Notion of its own, with a token that sees all of it and no rate limit. */
export async function createActionRig(options: LocalNotionOptions = {}): Promise<ActionRig> {
  const notion = await createLocalNotion({
    seed: "empty",
    ...options,
    settings: { rateLimit: null, ...options.settings },
  });
  const control = (method: string, path: string, body?: unknown) =>
    controlLocalNotion(notion.url, { method, path, body });
  const mintToken: ActionRig["mintToken"] = async (of) => {
    const { token } = await control("POST", "/_local/tokens", of);
    return token;
  };
  let client = createFetchClient(notion.url, await mintToken({}));
  const current: ActionClient = {
    request: (...args: Parameters<ActionClient["request"]>): any => client.request(...args),
  };
  const requests = async (): Promise<LoggedRequest[]> => control("GET", "/_local/requests");
  const step: ActionRig["step"] = (action, input) =>
    createStep(action, { input, client: current, download: downloadFile });
  return {
    url: notion.url,
    client: current,
    clientOf: (token) => createFetchClient(notion.url, token),
    run: (action, input, other = current) =>
      createStep(action, { input, client: other, download: downloadFile }).attempt(),
    step,
    mintToken,
    fault: (rule, outcome) =>
      // oxlint-disable-next-line unicorn/no-thenable -- Local Notion's name for it; nobody awaits it
      control("POST", "/_local/faults", outcome ? { ...rule, then: outcome } : rule),
    clearFaults: () => control("DELETE", "/_local/faults"),
    changeSettings: (settings) => control("PATCH", "/_local/settings", settings),
    requests,
    writes: async () => (await requests()).filter(isWrite),
    forgetRequests: () => control("DELETE", "/_local/requests"),
    async reset() {
      await control("POST", "/_local/reset");
      client = createFetchClient(notion.url, await mintToken({}));
    },
    close: () => notion.close(),
  };
}

function isWrite({ method, path }: LoggedRequest): boolean {
  return method !== "GET" && !/\/(?:query|search)$/.test(path);
}

async function controlLocalNotion(
  url: string,
  { method, path, body }: { method: string; path: string; body?: unknown },
): Promise<any> {
  const response = await fetch(url + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** An action's client that speaks to Local Notion with fetch. */
function createFetchClient(baseUrl: string, token: string): ActionClient {
  const request = async (
    method: string,
    path: string,
    options: Parameters<ActionClient["request"]>[2] = {},
  ): Promise<any> => {
    const url = new URL(baseUrl + path);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      for (const one of [value].flat()) {
        if (one !== undefined) url.searchParams.append(name, String(one));
      }
    }
    const { body, form } = options;
    const response = await fetch(url, {
      method,
      headers: {
        ...api.defaultHeaders,
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form !== undefined && { body: form }),
    });
    const answer = parseAnswer(await response.text());
    if (!response.ok) throw toProviderError(response, answer);
    return options.returns ? options.returns.parse(answer) : answer;
  };
  return { request };
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toProviderError(response: Response, body: unknown): ProviderError {
  const { code, message } = readProviderError(api.error, body);
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ProviderError(message ?? `The provider answered ${response.status}.`, {
    status: response.status,
    code,
    requestId: response.headers.get(api.error.requestIdHeader) ?? undefined,
    retryAfterMs: Number.isNaN(seconds) ? undefined : seconds * 1_000,
    body,
  });
}

async function downloadFile(url: string): Promise<FileContent> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return {
    name: decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "file"),
    mimeType: response.headers.get("content-type") ?? "application/octet-stream",
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}
