import type { StepContext } from "../step-executor.ts";
import { StepFailure } from "../step-failure.ts";
import type { CallStep } from "./body.ts";
import { cutLists } from "./cut-lists.ts";
import type { ResponseValue } from "./request-answer.ts";

/** Of all items together, as JSON. */
const maxItemsLength = 50 * 1024 * 1024;
const maxTestPages = 3;

export interface Sender {
  /** Sends the request once, of the resolved input; `page` counts from 1. */
  send(input: Record<string, unknown>, page: number): Promise<ResponseValue>;
  /** Sending it twice has the effect of sending it once. */
  isRepeatable: boolean;
}

/** The response of a page, and what went wrong with the one after it. */
interface LastResponse extends ResponseValue {
  error?: { code: string; message: string; details: Record<string, unknown> };
}

/** What a request that follows pages answers with. */
export interface PagedOutput {
  /** Of the last page that came. */
  response: LastResponse;
  /** Of all pages. */
  items: unknown[];
  /** True where there would have been more: the most pages were read, or one failed. */
  hasMore: boolean;
}

/** Sends a step's request, and those of its further pages; the step's output. */
export async function runCall<S extends CallStep>(
  context: StepContext<S>,
  sender: Sender,
): Promise<unknown> {
  const isPaged = context.planned.step.pagination !== undefined;
  const output = isPaged
    ? await collectPages(context, sender)
    : { response: await sender.send(context.input, 1) };
  return context.owner.test ? cutLists(output) : output;
}

/**
 * Reads pages until there is no page token, the step's condition says stop, or the most pages were
 * read.
 *
 * - Every page is a part that is done once: after a wait, another attempt or a crash, it goes on
 *   with the page that it stopped at.
 * - Where a later page fails for good, the items until there are kept, and `response.error` tells.
 */
async function collectPages<S extends CallStep>(
  context: StepContext<S>,
  sender: Sender,
): Promise<PagedOutput> {
  const { pagination } = context.planned.step;
  const most = context.owner.test ? maxTestPages : Infinity;
  const maxPages = Math.min(pagination?.maxPages ?? 1, most);
  const items = new Items();
  let last: ResponseValue | undefined;
  let pageToken: unknown;
  for (let page = 1; ; page += 1) {
    // What the page is asked for with; the page itself is not there yet.
    const self = { page, pageToken, response: last };
    try {
      const response = await sendPage(context, sender, self);
      const read = context.resolveWith({ ...self, response });
      items.add(read.items, page);
      const hasMore = !read.stop && !isNothing(read.pageToken);
      if (!hasMore || page >= maxPages) return { response, items: items.all, hasMore };
      last = response;
      pageToken = read.pageToken;
    } catch (cause) {
      if (last === undefined || !isFinal(cause, context, sender)) throw cause;
      const { code, message, details } = cause;
      const error = { code, message, details };
      return { response: { ...last, error }, items: items.all, hasMore: true };
    }
  }
}

function sendPage<S extends CallStep>(
  context: StepContext<S>,
  { send, isRepeatable }: Sender,
  self: { page: number },
): Promise<ResponseValue> {
  const { page } = self;
  const part = () => send(context.resolveWith(self).input, page);
  // Undefined: it did not happen, or it does not matter.
  const check = isRepeatable ? () => Promise.resolve(undefined) : undefined;
  return context.once(`page ${page}`, part, check);
}

/** False: the engine tries again, waits, or has to say that nobody knows what happened. */
function isFinal<S extends CallStep>(
  cause: unknown,
  { owner, attempt, planned, signal }: StepContext<S>,
  { isRepeatable }: Sender,
): cause is StepFailure {
  if (!(cause instanceof StepFailure) || signal.aborted) return false;
  if (cause.code === "outcome_unknown" || cause.retryAfterMs !== undefined) return false;
  if (cause.happened === "unknown" && !isRepeatable) return false;
  const isLastAttempt = owner.test || attempt > planned.step.retry.delaysMs.length;
  return !cause.transient || isLastAttempt;
}

function isNothing(pageToken: unknown): boolean {
  return pageToken === undefined || pageToken === null || pageToken === "" || pageToken === false;
}

class Items {
  readonly all: unknown[] = [];
  #length = 0;

  add(items: unknown, page: number): void {
    if (items === undefined || items === null) return;
    if (!Array.isArray(items)) {
      throw new StepFailure(
        "invalid_input",
        `The items of page ${page} are no list but a ${typeof items}. Check the pagination's items.`,
      );
    }
    this.#length += JSON.stringify(items).length;
    if (this.#length > maxItemsLength) {
      throw new StepFailure(
        "response_too_large",
        `The items of ${page} pages have more than ${maxItemsLength} bytes. Ask for fewer.`,
      );
    }
    for (const item of items) this.all.push(item);
  }
}
