import * as z from "zod";
import { appendRest, type Work } from "../blocks/append-blocks.ts";
import type { BlockTree } from "../blocks/block-tree.ts";
import { fitRequest } from "../blocks/fit-blocks.ts";
import { insertMarkdown } from "../markdown/insert-markdown.ts";
import { splitMarkdown } from "../markdown/split-markdown.ts";
import { orSaved } from "../or-saved.ts";
import { plainText, RichText } from "../rich-text.ts";
import { Page } from "../schemas.ts";
import { type Home, toParent } from "./home.ts";
import { findMadePage, noteTwins } from "./find-made-page.ts";

/** A page that is to be made. Its content is blocks or Markdown, not both. */
export interface NewPage {
  home: Home;
  /** As a request takes them. */
  properties: Record<string, unknown>;
  looks: Record<string, unknown>;
  blocks?: readonly BlockTree[];
  markdown?: string;
}

/**
 * Makes a page with content of any size: what fits is sent with the page, the rest after it.
 *
 * - Each request is one part of the action. After a crash the parent shows whether the page is
 *   there, and the page which of its content: none is made twice, none is left out.
 * - Where Notion answers that it is unavailable but names the page it has saved, that is the page.
 */
export async function makePage(work: Work, page: NewPage): Promise<Page> {
  const { blocks = [], markdown = "" } = page;
  const cuts = fitRequest(blocks);
  const [firstText, ...texts] = splitMarkdown(markdown);
  const made = await sendPage(work, page, {
    ...(cuts.length > 0 && { children: cuts.map(({ request }) => request) }),
    ...(firstText !== undefined && { markdown: firstText }),
  });
  const sent = cuts.map(({ rest }) => rest);
  const isWhole = sent.length === blocks.length && sent.every((rest) => !rest);
  if (!isWhole) await appendRest(work, made.id, { rest: { children: blocks, sent }, name: "" });
  for (const [index, text] of texts.entries()) {
    const insertion = { content: text, position: { type: "end" } } as const;
    await insertMarkdown(work, made.id, { insertion, name: `text ${index + 2}` });
  }
  return made;
}

async function sendPage(
  work: Work,
  { home, properties, looks }: NewPage,
  content: Record<string, unknown>,
): Promise<Page> {
  const { client, once } = work;
  const title = titleIn(properties);
  const twins = await noteTwins(work, home, title);
  const body = { parent: toParent(home), properties, ...looks, ...content };
  const send = () =>
    orSaved(client.request("POST", "/v1/pages", { body, returns: Page }), (id) =>
      client.request("GET", `/v1/pages/${id}`, { returns: Page }),
    );
  return once("create page", send, twins && (() => findMadePage(client, { home, title, twins })));
}

const TitleValue = z.looseObject({ title: RichText });

function titleIn(properties: Record<string, unknown>): string {
  for (const value of Object.values(properties)) {
    const { data } = TitleValue.safeParse(value);
    if (data) return plainText(data.title);
  }
  return "";
}
