import { AppError } from "@tenon/connector";
import * as z from "zod";
import { jsonField, readJsonField } from "../json-text.ts";
import { cleanContent } from "./clean-content.ts";
import { splitLongText } from "./split-long-text.ts";

/** A block that is to be made: its content without children, and its children. */
export interface BlockTree {
  type: string;
  content: Record<string, unknown>;
  children: BlockTree[];
}

const BlockJson = z.record(z.string(), z.json());
const Blocks = z.array(BlockJson);

/** A field that takes Notion's block objects. */
export const BlocksField = jsonField(Blocks);

/**
 * Reads block objects as requests or answers of Notion have them: children in the content, or
 * beside it as `get-page-content` gives them. Long texts become several items or blocks.
 *
 * @throws AppError `invalid_input` that names the block.
 */
export function readBlocks(value: unknown, title: string): BlockTree[] {
  const schema = z.union([Blocks, BlockJson.transform((one) => [one])]);
  const blocks = readJsonField(value, { title, schema }) ?? [];
  return blocks.flatMap((block, index) => readBlock(block, `${title}[${index}]`));
}

/** What answers say of a block beside its content. */
const facts: ReadonlySet<string> = new Set([
  "object",
  "type",
  "id",
  "parent",
  "created_time",
  "created_by",
  "last_edited_time",
  "last_edited_by",
  "has_children",
  "in_trash",
  "archived",
  "children",
  "request_id",
]);

const Content = z.record(z.string(), z.unknown());

function readBlock(block: Record<string, unknown>, at: string): BlockTree[] {
  const type = typeOf(block);
  const content = type === undefined ? undefined : Content.safeParse(block[type]).data;
  if (type === undefined || !content) {
    throw new AppError(
      "invalid_input",
      400,
      `${at} is no block: write its type and, under the type's name, its content, such as {"type": "paragraph", "paragraph": {"rich_text": []}}.`,
    );
  }
  const given = Array.isArray(content["children"]) ? content["children"] : block["children"];
  const inner = Array.isArray(given) ? given : [];
  const children = inner.flatMap((child: unknown, index) => {
    const read = Content.safeParse(child).data ?? {};
    return readBlock(read, `${at}.children[${index}]`);
  });
  const { children: _, ...own } = content;
  return splitLongText({ type, content: cleanContent(type, own), children });
}

function typeOf(block: Record<string, unknown>): string | undefined {
  const { type } = block;
  if (typeof type === "string") return type;
  return Object.keys(block).find((key) => !facts.has(key));
}
