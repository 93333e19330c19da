import type { ActionClient } from "@tenon/connector";
import type * as z from "zod";
import type { Work } from "../blocks/append-blocks.ts";
import { doAgain } from "../do-again.ts";
import { outcomeUnknown } from "../outcome-unknown.ts";
import { PageMarkdown } from "../schemas.ts";

type PageMarkdown = z.output<typeof PageMarkdown>;

/** Where Markdown is put into a page: at an end, or after the line a selection ends on. */
export interface Insertion {
  content: string;
  position?: { type: "start" | "end" };
  after?: string;
}

/** A page's content as Markdown. */
export function readMarkdown(
  client: ActionClient,
  pageId: string,
  query: { include_transcript?: boolean | undefined } = {},
): Promise<PageMarkdown> {
  return client.request("GET", `/v1/pages/${pageId}/markdown`, { query, returns: PageMarkdown });
}

/** Changes a page's content; `body` is as Notion takes it. */
export function patchMarkdown(
  client: ActionClient,
  pageId: string,
  body: Record<string, unknown>,
): Promise<PageMarkdown> {
  return client.request("PATCH", `/v1/pages/${pageId}/markdown`, { body, returns: PageMarkdown });
}

/** Puts Markdown into a page, once. */
export function insertMarkdown(
  work: Work,
  pageId: string,
  { insertion, name }: { insertion: Insertion; name: string },
): Promise<PageMarkdown> {
  const body = { type: "insert_content", insert_content: insertion };
  return changeOnce(work, pageId, { body, name, sample: toSample(insertion.content) });
}

export interface Change {
  body: Record<string, unknown>;
  /** Names the part. */
  name: string;
  /** Words that a page holds more often, or less often, once the change was made. */
  sample: string;
}

/**
 * Makes a change to a page's Markdown that must not be made twice. After a crash it counts as made
 * if the page holds the sample another number of times than before.
 *
 * @throws AppError `outcome_unknown` where the page is too long for Notion to show it whole.
 */
export async function changeOnce(
  { client, once }: Work,
  pageId: string,
  { body, name, sample }: Change,
): Promise<PageMarkdown> {
  const send = () => patchMarkdown(client, pageId, body);
  if (sample === "") return once(name, send);
  const count = async (): Promise<{ page: PageMarkdown; times: number }> => {
    const page = await readMarkdown(client, pageId);
    return { page, times: page.markdown.split(sample).length - 1 };
  };
  const noteTimes = async (): Promise<number> => (await count()).times;
  const before = await once(`before ${name}`, noteTimes, doAgain);
  return once(name, send, async () => {
    const { page, times } = await count();
    if (times !== before) return page;
    if (page.truncated !== true) return undefined;
    throw outcomeUnknown(
      `The page ${pageId} is too long to see whether the text is on it. Look at the page, then run the step again if it is missing.`,
    );
  });
}

/** The longest run of words in a text that Markdown writes as they are. */
export function toSample(markdown: string): string {
  const runs = markdown.match(/[\p{Letter}\p{Number}]+(?: [\p{Letter}\p{Number}]+)*/gu) ?? [];
  const [first = "", ...others] = runs;
  return others.reduce((longest, run) => (run.length > longest.length ? run : longest), first);
}
