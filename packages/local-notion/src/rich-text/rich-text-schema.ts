import { array, looseObject, object, union } from "../validate/composites.ts";
import { boolean, id, literal, nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import { colors, iconColors } from "./colors.ts";

const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isDate(text: string): boolean {
  return isoDate.test(text) && !Number.isNaN(Date.parse(text));
}

export function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: text }));
  } catch {
    return false;
  }
}

export const dateText = string({
  format: { expects: "a valid ISO 8601 date string", accepts: isDate },
});

export const date = looseObject({
  start: dateText,
  end: optional(nullable(dateText)),
  time_zone: optional(
    nullable(string({ format: { expects: "a valid IANA time zone", accepts: isTimeZone } })),
  ),
});

/** The longest texts Notion takes, in UTF-16 units as it counts them. */
export const limits = { text: 2_000, url: 2_000, equation: 1_000, items: 100 } as const;

const annotations = looseObject({
  bold: optional(boolean()),
  italic: optional(boolean()),
  strikethrough: optional(boolean()),
  underline: optional(boolean()),
  code: optional(boolean()),
  color: optional(oneOf(colors)),
});

const shared = { annotations: optional(annotations) };

const mention = union(
  looseObject({ type: optional(literal("user")), user: looseObject({ id: id() }) }),
  looseObject({ type: optional(literal("date")), date }),
  looseObject({ type: optional(literal("page")), page: looseObject({ id: id() }) }),
  looseObject({ type: optional(literal("database")), database: looseObject({ id: id() }) }),
  looseObject({
    type: optional(literal("template_mention")),
    template_mention: union(
      looseObject({ template_mention_date: oneOf(["today", "now"]) }),
      looseObject({ template_mention_user: literal("me") }),
    ),
  }),
  looseObject({
    type: optional(literal("custom_emoji")),
    custom_emoji: looseObject({
      id: id(),
      name: optional(string()),
      url: optional(string()),
    }),
  }),
  looseObject({
    type: optional(literal("link_mention")),
    link_mention: looseObject({ href: string({ max: limits.url }), title: optional(string()) }),
  }),
  looseObject({
    type: optional(literal("link_preview")),
    link_preview: looseObject({ url: string({ max: limits.url }) }),
  }),
);

const item = union(
  looseObject({
    type: optional(literal("text")),
    text: looseObject({
      content: string({ max: limits.text }),
      link: optional(nullable(looseObject({ url: string({ max: limits.url }) }))),
    }),
    ...shared,
  }),
  looseObject({ type: optional(literal("mention")), mention, ...shared }),
  looseObject({
    type: optional(literal("equation")),
    equation: looseObject({ expression: string({ max: limits.equation }) }),
    ...shared,
  }),
);

export const richText = array(item, { max: limits.items });
export type RichTextRequest = Infer<typeof richText>;

const url = string({ max: limits.url });

const external = object({ type: optional(literal("external")), external: looseObject({ url }) });
const upload = object({
  type: optional(literal("file_upload")),
  file_upload: looseObject({ id: id() }),
});
const hosted = object({ type: optional(literal("file")), file: looseObject({ url }) });

export const cover = union(external, upload, hosted);
export type FileRequest = Infer<typeof cover>;

export const icon = union(
  object({ type: optional(literal("emoji")), emoji: string({ min: 1, max: 64 }) }),
  external,
  upload,
  hosted,
  object({
    type: optional(literal("custom_emoji")),
    custom_emoji: looseObject({ id: id(), name: optional(string()), url: optional(string()) }),
  }),
  object({
    type: optional(literal("icon")),
    icon: looseObject({ name: string({ min: 1 }), color: optional(oneOf(iconColors)) }),
  }),
);
export type IconRequest = Infer<typeof icon>;
