import { Client } from "@notionhq/client";
import type { ApiVersion } from "../api/version.ts";
import { createLocalNotion, type LocalNotionOptions } from "../create-local-notion.ts";
import { developmentApp } from "../oauth/development-app.ts";

export interface TestWorkspace {
  url: string;
  /** A token that sees the whole workspace. */
  token: string;
  /** Notion's own client, at a version, with that token or another one. */
  client(version?: ApiVersion, token?: string): Client;
  /** One request as it goes over the wire. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  version?: ApiVersion | null;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, any>;
}

/** Starts a Local Notion for one test file, with a token for it. */
export async function openWorkspace(options: LocalNotionOptions = {}): Promise<TestWorkspace> {
  const notion = await createLocalNotion({
    ...options,
    settings: { rateLimit: null, ...options.settings },
  });
  const minted = await fetch(`${notion.url}/_local/tokens`, { method: "POST" });
  const { token }: { token: string } = JSON.parse(await minted.text());
  return {
    url: notion.url,
    token,
    client: (version = "2026-03-11", auth = token) =>
      new Client({
        auth,
        baseUrl: notion.url,
        notionVersion: version,
        retry: false,
        logger: () => undefined,
      }),
    call: (method, path, call = {}) => send(notion.url + path, method, { token, ...call }),
    close: () => notion.close(),
  };
}

async function send(url: string, method: string, call: CallOptions): Promise<Answer> {
  const { body, version = "2026-03-11", token } = call;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(version ? { "notion-version": version } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Goes through the consent page for the development app and gives back what it redirects to. */
export async function consent(
  url: string,
  choice: Record<string, string | string[]> = {},
): Promise<URL> {
  const form = new URLSearchParams({
    client_id: developmentApp.clientId,
    redirect_uri: "http://localhost:3999/callback",
    response_type: "code",
    owner: "user",
    state: "state-1",
    decision: "allow",
  });
  for (const [name, value] of Object.entries(choice)) {
    form.delete(name);
    for (const one of [value].flat()) form.append(name, one);
  }
  const response = await fetch(`${url}/v1/oauth/authorize`, {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  return new URL(response.headers.get("location") ?? "about:blank");
}

/** The pair of tokens behind a code, or the error instead. */
export async function exchange(
  url: string,
  body: Record<string, string>,
  credentials = `${developmentApp.clientId}:${developmentApp.clientSecret}`,
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return send(`${url}/v1/oauth/token`, "POST", { body, version: null, headers: { authorization } });
}
