import type { ActionClient } from "@tenon/connector";
import { isOpen } from "../blocks/read-block-tree.ts";
import { readSome, unlessMissing } from "../read-all.ts";
import { Block, PageMarkdown } from "../schemas.ts";
import { digest } from "./digest.ts";
import { lasting, lastingMarkdown } from "./lasting.ts";

/**
 * A digest of a page's content, in at most two requests. Undefined where it cannot be read, such as
 * of a page in the trash.
 *
 * - The first hundred blocks count as Notion shows them, with the minute of their last edit.
 * - What lies below them and beyond counts by its Markdown. So a change there that Markdown has no
 *   form for, such as of a colour alone, is seen only if it moves the minute of a block above it.
 * - Of a page or database within the page its title counts: what is in it is its own content.
 */
export async function contentDigest(
  client: ActionClient,
  pageId: string,
): Promise<string | undefined> {
  const path = `/v1/blocks/${pageId}/children`;
  const list = await unlessMissing(readSome(client, { path, item: Block }));
  if (!list) return undefined;
  const blocks = list.items.map(toLasting);
  const hasMore = list.nextCursor !== undefined || list.items.some(hasContentBelow);
  if (!hasMore) return digest({ blocks });
  const answer = await unlessMissing(
    client.request("GET", `/v1/pages/${pageId}/markdown`, { returns: PageMarkdown }),
  );
  return answer && digest({ blocks, markdown: lastingMarkdown(answer.markdown) });
}

function hasContentBelow(block: Block): boolean {
  return block.has_children === true && isOpen(block);
}

/** A block by what was edited in it. An edit within a page or database moves the time of its block. */
function toLasting(block: Block): unknown {
  if (isOpen(block)) return lasting(block);
  const { id, type } = block;
  return { id, type, title: block[type] };
}
