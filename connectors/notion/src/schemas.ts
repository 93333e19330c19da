import * as z from "zod";

/** Where a thing lies; which of the keys is there depends on `type`. */
export const Parent = z.looseObject({
  type: z.string(),
  page_id: z.string().optional(),
  block_id: z.string().optional(),
  database_id: z.string().optional(),
  data_source_id: z.string().optional(),
});
export type Parent = z.output<typeof Parent>;

/** A property's value on a page: under the key of its type, in Notion's own form. */
const PropertyValue = z.looseObject({ id: z.string(), type: z.string() });

const icon = z.looseObject({ type: z.string() }).nullish();
const cover = z.looseObject({ type: z.string() }).nullish();
const time = z.string().optional();
const PartialUser = z.looseObject({ id: z.string() }).optional();

/** A page as Notion answers it; what we do not name passes through. */
export const Page = z
  .looseObject({
    object: z.literal("page"),
    id: z.string(),
    parent: Parent.optional(),
    properties: z.record(z.string(), PropertyValue).optional(),
    icon,
    cover,
    url: z.string().optional(),
    public_url: z.string().nullish(),
    in_trash: z.boolean().optional(),
    created_time: time,
    created_by: PartialUser,
    last_edited_time: time,
    last_edited_by: PartialUser,
  })
  .meta({ title: "Page" });
export type Page = z.output<typeof Page>;

/** A block as Notion answers it: its content is under the key of its type. */
export const Block = z
  .looseObject({
    object: z.literal("block"),
    id: z.string(),
    type: z.string(),
    parent: Parent.optional(),
    has_children: z.boolean().optional(),
    in_trash: z.boolean().optional(),
    created_time: time,
    created_by: PartialUser,
    last_edited_time: time,
  })
  .meta({ title: "Block" });
export type Block = z.output<typeof Block>;

/** A block with the blocks below it. */
export const BlockWithChildren = Block.extend({
  get children() {
    return z.array(BlockWithChildren).optional();
  },
}).meta({ title: "Block with its children" });
export type BlockWithChildren = z.output<typeof BlockWithChildren>;

/** A page's content as Markdown. */
export const PageMarkdown = z
  .looseObject({
    object: z.literal("page_markdown"),
    id: z.string(),
    markdown: z.string(),
    truncated: z.boolean().optional(),
    unknown_block_ids: z.array(z.string()).optional(),
  })
  .meta({ title: "Page as Markdown" });

/** What a step that answers one thing gives: `{{2.result.id}}` is that thing's id. */
export function resultOf<T extends z.ZodType>(schema: T) {
  return z.object({ result: schema });
}
