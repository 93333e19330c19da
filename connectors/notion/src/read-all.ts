import { type ActionClient, type ClientRequest, ProviderError } from "@tenon/connector";
import * as z from "zod";

/** The most that one answer holds. */
const mostResults = 100;

export interface ListRequest<T extends z.ZodType> {
  /** GET by default; POST for search and queries. */
  method?: "GET" | "POST";
  path: string;
  query?: ClientRequest["query"];
  body?: Record<string, unknown>;
  /** One item of the list. */
  item: T;
  cursor?: string | undefined;
  /** How many one request asks for: up to 100, which is the default. */
  pageSize?: number;
}

export interface List<T> {
  items: T[];
  /** Where the list goes on; undefined at its end. */
  nextCursor: string | undefined;
  /** Why Notion leaves items out, such as of a query with more than 10,000. */
  incompleteReason: string | undefined;
}

/** One request's worth of a list. */
export async function readSome<T extends z.ZodType>(
  client: ActionClient,
  request: ListRequest<T>,
): Promise<List<z.output<T>>> {
  const { method = "GET", path, query, body, item, cursor, pageSize = mostResults } = request;
  const paging = { start_cursor: cursor, page_size: pageSize };
  const answer = await client.request(method, path, {
    query: method === "GET" ? { ...query, ...paging } : { ...query },
    ...(method === "POST" && { body: { ...body, ...paging } }),
    returns: z.looseObject({
      results: z.array(item),
      next_cursor: z.string().nullish(),
      request_status: z.looseObject({ incomplete_reason: z.string().optional() }).optional(),
    }),
  });
  return {
    items: answer.results,
    nextCursor: answer.next_cursor ?? undefined,
    incompleteReason: answer.request_status?.incomplete_reason,
  };
}

/** A list to its end, or its first `limit` items. */
export async function readAll<T extends z.ZodType>(
  client: ActionClient,
  request: ListRequest<T> & { limit?: number | undefined },
): Promise<List<z.output<T>>> {
  const { limit = Infinity } = request;
  const items: z.output<T>[] = [];
  let { cursor } = request;
  for (;;) {
    const pageSize = Math.min(request.pageSize ?? mostResults, limit - items.length);
    const list = await readSome(client, { ...request, cursor, pageSize });
    items.push(...list.items);
    cursor = list.nextCursor;
    if (cursor === undefined || items.length >= limit) return { ...list, items };
  }
}

/** What a request answers, or undefined where Notion does not know or show the thing. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && error.code === "object_not_found") return undefined;
    throw error;
  }
}
