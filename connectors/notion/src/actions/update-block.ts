import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { textTarget, toBlockUpdate } from "../blocks/block-update.ts";
import { requireId } from "../ids.ts";
import { jsonField, readJsonField } from "../json-text.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { Block, resultOf } from "../schemas.ts";

const Json = z.record(z.string(), z.json());

export const updateBlock = notionAction({
  id: "update-block",
  intent: "NOTION_UPDATE_BLOCK",
  title: "Update a Block",
  summary:
    "Changes a block's text or other content. Its type and children stay. Given a page or database with a text, it changes the title.",
  effect: "write",
  repeatable: true,
  input: z.object({
    blockId: pick(pages, "Block", "The id of a block, page or database, or its link."),
    text: z
      .string()
      .optional()
      .meta({
        title: "Text",
        description: "Takes the place of the block's text.",
        ui: { widget: "textarea" },
      }),
    isChecked: z.boolean().optional().meta({ title: "Checked", description: "Of a to-do." }),
    block: jsonField(Json)
      .optional()
      .meta({
        title: "Content as JSON",
        description: "In Notion's own form, with or without the key of the type.",
        examples: [{ paragraph: { rich_text: [{ text: { content: "New text" } }] } }],
        ui: { widget: "json" },
      }),
  }),
  output: resultOf(Block),

  async run({ input, client }) {
    const path = `/v1/blocks/${requireId(input.blockId, "block")}`;
    const given = readJsonField(input.block, { title: "Content as JSON", schema: Json });
    const { text, isChecked } = input;
    if (text === undefined && isChecked === undefined && given === undefined) {
      throw new AppError("invalid_input", 400, "Nothing is given that is to change.");
    }
    const block = await client.request("GET", path, { returns: Block });
    const titled = text === undefined ? undefined : textTarget(block, text);
    if (titled) {
      await client.request("PATCH", titled.path, { body: titled.body });
      return { result: await client.request("GET", path, { returns: Block }) };
    }
    const body = toBlockUpdate(block, { text, isChecked, given: given ?? {} });
    return { result: await client.request("PATCH", path, { body, returns: Block }) };
  },
});
