import * as z from "zod";
import { type BlockTree, readBlocks } from "../blocks/block-tree.ts";
import { isOpen } from "../blocks/read-block-tree.ts";
import type { BlockWithChildren } from "../schemas.ts";
import type { Copying } from "./copying.ts";

type Json = Record<string, unknown>;

/** Copies of blocks with all that is below them, ready to be made. */
export async function copyBlocks(
  copying: Copying,
  blocks: readonly BlockWithChildren[],
): Promise<BlockTree[]> {
  return readBlocks(await copyAll(copying, blocks), "blocks");
}

async function copyAll(copying: Copying, blocks: readonly BlockWithChildren[]): Promise<Json[]> {
  const copies: Json[] = [];
  for (const block of blocks) copies.push(...(await copyBlock(copying, block)));
  return copies;
}

/** Types that requests make as answers show them. */
const plainTypes: ReadonlySet<string> = new Set([
  "paragraph",
  "heading_1",
  "heading_2",
  "heading_3",
  "heading_4",
  "bulleted_list_item",
  "numbered_list_item",
  "to_do",
  "toggle",
  "quote",
  "callout",
  "code",
  "equation",
  "divider",
  "breadcrumb",
  "table_of_contents",
  "bookmark",
  "embed",
  "link_to_page",
  "column",
  "table_row",
  "tab",
  "template",
]);

const Content = z.record(z.string(), z.unknown());

async function copyBlock(copying: Copying, block: BlockWithChildren): Promise<Json[]> {
  const { type } = block;
  const content = Content.safeParse(block[type]).data ?? {};
  if (plainTypes.has(type)) return [await withChildren(copying, block, content)];
  switch (type) {
    case "image":
    case "video":
    case "audio":
    case "pdf":
    case "file":
      return copyMedia(copying, block, content);
    case "child_page":
      note(copying, block, "It is a page of its own: the copy links to it.");
      return [toBlock("link_to_page", { type: "page_id", page_id: block.id })];
    case "child_database":
      note(copying, block, "It is a database of its own: the copy links to it.");
      return [toBlock("link_to_page", { type: "database_id", database_id: block.id })];
    case "link_preview":
      note(copying, block, "Notion makes previews only itself: the copy has a bookmark.");
      return [toBlock("bookmark", { url: content["url"] })];
    case "synced_block":
      // A repetition goes on showing its original; an original becomes one of its own.
      return content["synced_from"]
        ? [toBlock(type, content)]
        : [await withChildren(copying, block, content)];
    case "column_list":
      return copyColumns(copying, block);
    case "table":
      return (block.children ?? []).length > 0 ? [await withChildren(copying, block, content)] : [];
    default:
      note(copying, block, `Notion's API does not make blocks of the type ${type}.`);
      return [];
  }
}

function toBlock(type: string, content: Json, children: Json[] = []): Json {
  return { type, [type]: content, ...(children.length > 0 && { children }) };
}

async function withChildren(
  copying: Copying,
  block: BlockWithChildren,
  content: Json,
): Promise<Json> {
  if (block.has_children === true && !block.children && isOpen(block)) {
    note(copying, block, "What is below it could not be read.");
  }
  return toBlock(block.type, content, await copyAll(copying, block.children ?? []));
}

/** Notion makes columns only two at a time; of a single one the copy has the content. */
async function copyColumns(copying: Copying, block: BlockWithChildren): Promise<Json[]> {
  const columns = block.children ?? [];
  if (columns.length < 2)
    return copyAll(
      copying,
      columns.flatMap(({ children = [] }) => children),
    );
  return [await withChildren(copying, block, {})];
}

const Hosted = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({ url: z.string() }),
  name: z.string().optional(),
});

async function copyMedia(
  copying: Copying,
  block: BlockWithChildren,
  content: Json,
): Promise<Json[]> {
  const { data: hosted } = Hosted.safeParse(content);
  if (!hosted) return [toBlock(block.type, content)];
  const file = { url: hosted.file.url, name: hosted.name };
  const upload = await copying.copyFile(file, { id: block.id, type: block.type });
  if (!upload) return [];
  const { caption, name } = content;
  return [toBlock(block.type, { ...upload, caption, ...(name !== undefined && { name }) })];
}

function note({ notCopied }: Copying, { id, type }: BlockWithChildren, reason: string): void {
  notCopied.push({ id, type, reason });
}
