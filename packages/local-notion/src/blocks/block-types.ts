import type { View } from "../api/view.ts";
import { isAtLeast } from "../api/version.ts";
import { array, object } from "../validate/composites.ts";
import { anything, optional } from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";
import {
  caption,
  cells,
  color,
  expression,
  flag,
  iconField,
  language,
  tableWidth,
  text,
  url,
  widthRatio,
  type Field,
} from "./fields.ts";
import { linkToPage, syncedFrom } from "./link-fields.ts";
import { media } from "./media.ts";
import { meetingNotes } from "./meeting-notes.ts";

type Content = Record<string, unknown>;

/** What may stand below a block of this type, and whether a new one needs it. */
export type Nesting = "none" | "any" | "table_rows" | "columns" | "tabs";

/** A kind of block: the one description that requests, storage and answers are made from. */
export interface BlockType {
  nesting: Nesting;
  /** Whether the API can make and change it; others only come from seeds. */
  isWritable: boolean;
  /** The payload of a request that makes one, with the key `children` as described. */
  createSchema(children: Record<string, Schema<unknown>>): Schema<unknown>;
  updateSchema: Schema<unknown>;
  toContent(request: Content, before?: Content): Content;
  present(content: Content, view: View): object;
}

const paragraphIcon = iconField(null);
const header = { rich_text: text, is_toggleable: flag, color };

export const blockTypes: Readonly<Record<string, BlockType>> = {
  paragraph: {
    ...withFields({ rich_text: text, icon: paragraphIcon, color }, "any"),
    present: presentParagraph,
  },
  heading_1: withFields(header, "any"),
  heading_2: withFields(header, "any"),
  heading_3: withFields(header, "any"),
  heading_4: withFields(header, "any"),
  bulleted_list_item: withFields({ rich_text: text, color }, "any"),
  numbered_list_item: withFields({ rich_text: text, color }, "any"),
  quote: withFields({ rich_text: text, color }, "any"),
  to_do: withFields({ rich_text: text, checked: flag, color }, "any"),
  toggle: withFields({ rich_text: text, color }, "any"),
  template: withFields({ rich_text: text }, "any"),
  callout: withFields(
    { rich_text: text, icon: iconField({ type: "emoji", emoji: "💡" }), color },
    "any",
  ),
  code: withFields({ caption, rich_text: text, language }),
  equation: withFields({ expression }),
  divider: withFields({}),
  breadcrumb: withFields({}),
  table_of_contents: withFields({ color }),
  bookmark: withFields({ caption, url }),
  embed: withFields({ caption, url }),
  image: media({ named: false }),
  video: media({ named: false }),
  audio: media({ named: false }),
  pdf: media({ named: false }),
  file: media({ named: true }),
  link_to_page: linkToPage,
  synced_block: withFields({ synced_from: syncedFrom }, "any"),
  column_list: withFields({}, "columns"),
  column: withFields({ width_ratio: widthRatio }, "any"),
  table: withFields(
    { table_width: tableWidth, has_column_header: flag, has_row_header: flag },
    "table_rows",
  ),
  table_row: withFields({ cells }),
  tab: withFields({}, "tabs"),
  meeting_notes: meetingNotes,
  link_preview: { ...withFields({ url }), isWritable: false },
  unsupported: { ...withFields({}), isWritable: false, present: (content) => content },
};

function withFields(fields: Record<string, Field>, nesting: Nesting = "none"): BlockType {
  const entries = Object.entries(fields);
  return {
    nesting,
    isWritable: true,
    createSchema: (children) =>
      object({ ...mapFields(fields, ({ schema }) => schema), ...children }),
    updateSchema: object({
      ...mapFields(fields, ({ schema }) => optional(schema)),
      // Clients that send a block back as they made it leave an empty list here.
      children: optional(array(anything(), { max: 0 })),
    }),
    toContent: (request, before = initialContent(fields)) => {
      const given = entries.filter(([key]) => request[key] !== undefined);
      return {
        ...before,
        ...Object.fromEntries(given.map(([key, field]) => [key, field.store(request[key])])),
      };
    },
    present: (content, view) => {
      const shown = entries.filter(([key]) => content[key] !== undefined);
      return Object.fromEntries(
        shown.map(([key, { present }]) => [key, present(content[key], view)]),
      );
    },
  };
}

function initialContent(fields: Record<string, Field>): Content {
  return mapFields(fields, (field) => field.initial);
}

function mapFields<T>(fields: Record<string, Field>, map: (field: Field) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, map(field)]));
}

/** Icons of paragraphs came with the versions after 2022-06-28. */
function presentParagraph(content: Content, view: View): object {
  const { icon, ...rest } = content;
  const knowsIcons = isAtLeast(view.version, "2025-09-03");
  return {
    rich_text: text.present(rest["rich_text"], view),
    ...(knowsIcons ? { icon: paragraphIcon.present(icon ?? null, view) } : {}),
    color: rest["color"],
  };
}
