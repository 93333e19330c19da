import { type Endpoint, ErrorBody } from "@tenon/contract";
import type * as z from "zod";
import { readEvents, type SentEvent } from "./read-events.ts";

type Given<S> = S extends z.ZodType ? z.input<S> : undefined;
type Answer<E extends Endpoint> = E["response"] extends z.ZodType
  ? z.output<E["response"]>
  : undefined;

/** What a call of an endpoint sends; the project is the client's own. */
export interface Sent<E extends Endpoint> {
  params?: Omit<Given<E["params"]>, "projectId">;
  query?: Partial<Given<E["query"]>>;
  body?: Given<E["body"]>;
}

/** Calls the endpoints of one project with an API key. */
export interface ApiClient {
  call<E extends Endpoint>(endpoint: E, sent?: Sent<E>): Promise<Answer<E>>;
  /** The endpoint's events from now on; ends when the server ends the stream. */
  follow<E extends Endpoint>(
    endpoint: E,
    sent: Sent<E> & { lastEventId?: string | undefined },
  ): AsyncGenerator<SentEvent>;
}

/** What the server, or how things stand there, says no to; or that it could not be reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";
}

interface Options {
  url: string;
  apiKey: string;
  projectId: string;
}

export function createApiClient(options: Options): ApiClient {
  async function send(endpoint: Endpoint, sent: Sent<Endpoint>, headers: Record<string, string>) {
    const response = await fetch(addressOf(endpoint, sent, options), {
      method: endpoint.method,
      headers: {
        ...headers,
        authorization: `Bearer ${options.apiKey}`,
        ...(sent.body !== undefined && { "content-type": "application/json" }),
      },
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
    }).catch((cause: unknown) => {
      throw new ApiError(`${options.url} cannot be reached. Is Tenon running there?`, { cause });
    });
    if (response.ok) return response;
    throw new ApiError(describe(await response.text(), response.status));
  }

  return {
    async call(endpoint, sent = {}) {
      const response = await send(endpoint, sent, {});
      if (!endpoint.response) return undefined as Answer<typeof endpoint>;
      return endpoint.response.parse(await response.json()) as Answer<typeof endpoint>;
    },

    async *follow(endpoint, { lastEventId, ...sent }) {
      const response = await send(endpoint, sent, {
        accept: "text/event-stream",
        ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
      });
      if (response.body) yield* readEvents(response.body);
    },
  };
}

function addressOf(
  { path }: Endpoint,
  { params, query }: Sent<Endpoint>,
  { url, projectId }: Options,
): URL {
  const values: Record<string, unknown> = { ...params, projectId };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(values[name])),
  );
  const address = new URL(url + filled);
  for (const [name, value] of Object.entries(query ?? {})) {
    // Numbers, texts and flags: nothing else is asked for in a query.
    if (value !== undefined)
      address.searchParams.set(name, `${value as string | number | boolean}`);
  }
  return address;
}

function describe(text: string, status: number): string {
  const body = ErrorBody.safeParse(parseOrNothing(text));
  if (!body.success) return `The server answered ${status}.`;
  const { message, code, meta } = body.data;
  const problems = Array.isArray(meta["problems"]) ? (meta["problems"] as unknown[]) : [];
  const lines = problems.map((one) => `  ${(one as { message?: string }).message ?? ""}`);
  return [`${message} (${code})`, ...lines].join("\n");
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
