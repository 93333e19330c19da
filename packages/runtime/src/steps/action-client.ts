import type { Priority, ProviderClient, WholeAnswer } from "@tenon/connections";
import type { ActionClient, ClientRequest, Connector, QueryValue } from "@tenon/connector";
import { isReading } from "../http/guarded-failure.ts";
import {
  type Asked,
  sendToProvider,
  toProviderError,
  unexpectedAnswer,
} from "./provider-failure.ts";
import { readJson, readType } from "./request-answer.ts";
import { showBody } from "./request-failure.ts";
import { describeIssue } from "./request-values.ts";

export interface ActionClientOptions {
  client: ProviderClient;
  connector: Connector;
  connectionId: string;
  signal: AbortSignal;
  /** What uses the client only reads, with any method. */
  isRead: boolean;
  /** Who goes first where the connection's budget is short. Default `workflow`. */
  priority?: Priority;
  /** Sends what must not be sent twice; `request` names it, such as `POST /v1/pages`. */
  journal?: <T>(request: string, send: () => Promise<T>) => Promise<T>;
}

/** Makes the client that actions, pickers and shapes get: one connection's, in JSON. */
export function createActionClient(options: ActionClientOptions): ActionClient {
  const { client, connector, connectionId, signal, priority, journal } = options;

  async function request(method: string, path: string, asks: ClientRequest = {}): Promise<unknown> {
    const asked: Asked = { connector, isRead: options.isRead || isReading(method) };
    const send = async () => {
      const query = toPairs(asks.query ?? {});
      const call = {
        connectionId,
        method,
        path,
        query,
        ...toContent(asks),
        signal,
        ...(priority && { priority }),
      };
      const answer = await sendToProvider(client, asked, call);
      if (answer.status < 200 || answer.status >= 300) throw toProviderError(answer, asked);
      return readResult(answer, asked);
    };
    const result =
      journal === undefined || asked.isRead ? send() : journal(`${method} ${path}`, send);
    return parseResult(await result, asked, asks);
  }

  // The overloads differ in what the result was parsed with; `request` did parse it with that.
  return { request } as ActionClient;
}

function toPairs(query: Record<string, QueryValue>): [name: string, value: string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one): [string, string] => [name, String(one)]),
  );
}

function toContent({ body, form, headers = {} }: ClientRequest) {
  if (form !== undefined) return { headers, body: form };
  if (body === undefined) return { headers };
  return {
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** An error page may come with any status: only what says that it is JSON is read as such. */
function readResult(answer: WholeAnswer, asked: Asked): unknown {
  const read = readJson(answer);
  if (read !== undefined || answer.body.length === 0) return read?.json;
  const { type } = readType(answer.headers);
  throw unexpectedAnswer(answer.status, asked, {
    reason: `with ${type || "no type"} in place of JSON`,
    ...showBody(answer),
  });
}

function parseResult(result: unknown, asked: Asked, { returns }: ClientRequest): unknown {
  if (returns === undefined) return result;
  const parsed = returns.safeParse(result, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(describeIssue).join(" ");
  throw unexpectedAnswer(200, asked, { reason: `not with what this Tenon knows. ${issues}` });
}
