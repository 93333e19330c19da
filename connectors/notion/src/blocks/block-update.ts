import { AppError } from "@tenon/connector";
import * as z from "zod";
import { mostItems, toRichText } from "../rich-text.ts";
import type { Block } from "../schemas.ts";
import { cleanContent } from "./clean-content.ts";

interface Update {
  text: string | undefined;
  isChecked: boolean | undefined;
  given: Record<string, unknown>;
}

const Content = z.record(z.string(), z.unknown());

/** The body that changes a block, whose type Notion wants to be told. */
export function toBlockUpdate(block: Block, update: Update): Record<string, unknown> {
  const { type } = block;
  const { [type]: typed, ...others } = update.given;
  const inner = Content.safeParse(typed).data;
  // Content under its type's key is a block as requests have it; else it is the content itself.
  const { type: _, object: _object, in_trash: inTrash, ...bare } = others;
  const { children: _children, ...content } = inner ?? bare;
  const changes = {
    ...cleanContent(type, content),
    ...(update.text !== undefined && textChange(block, update.text)),
    ...(update.isChecked !== undefined && { checked: update.isChecked }),
  };
  assertTakes(block, update);
  return {
    ...(Object.keys(changes).length > 0 && { [type]: changes }),
    ...(inTrash !== undefined && { in_trash: inTrash }),
  };
}

function assertTakes({ type }: Block, { isChecked }: Update): void {
  if (isChecked === undefined || type === "to_do") return;
  throw new AppError("invalid_input", 400, `"Checked" is for a to-do; the block is a ${type}.`);
}

function textChange(block: Block, text: string): Record<string, unknown> {
  const { type } = block;
  const content = Content.safeParse(block[type]).data ?? {};
  if (type === "equation") return { expression: text };
  if (!("rich_text" in content)) {
    throw new AppError(
      "invalid_input",
      400,
      `A ${type} block has no text: give its content as JSON.`,
    );
  }
  const items = toRichText(text);
  if (items.length <= mostItems) return { rich_text: items };
  throw new AppError(
    "invalid_input",
    400,
    `The text has ${text.length} characters; one block takes 200,000. Append further blocks for the rest.`,
  );
}

/** Where the text of a page or database in a page is changed: it is a title. */
export function textTarget(
  { id, type }: Block,
  text: string,
): { path: string; body: Record<string, unknown> } | undefined {
  const title = toRichText(text);
  if (type === "child_page") {
    return { path: `/v1/pages/${id}`, body: { properties: { title: { title } } } };
  }
  return type === "child_database" ? { path: `/v1/databases/${id}`, body: { title } } : undefined;
}
