import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { toStoredDate } from "./date-text.ts";
import {
  joinTexts,
  plainAnnotations,
  type DateValue,
  type FileSource,
  type Icon,
  type Mention,
  type RichText,
} from "./rich-text.ts";
import type { FileRequest, IconRequest, RichTextRequest } from "./rich-text-schema.ts";

type ItemRequest = RichTextRequest[number];
type MentionRequest = Extract<ItemRequest, { mention: unknown }>["mention"];

/** Rich text of a request as stored: empty texts dropped and equal neighbours joined. */
export function toRichText(request: RichTextRequest): RichText[] {
  const items = request.map(toItem);
  return joinTexts(items.filter((item) => item.type !== "text" || item.text.content !== ""));
}

function toItem(item: ItemRequest): RichText {
  const annotations = { ...plainAnnotations, ...pickAnnotations(item.annotations ?? {}) };
  if ("text" in item && item.text) {
    const link = item.text.link ? { url: checkLink(item.text.link.url) } : null;
    return { type: "text", text: { content: item.text.content, link }, annotations };
  }
  if ("mention" in item && item.mention) {
    return { type: "mention", mention: toMention(item.mention), annotations };
  }
  const { expression } = (item as Extract<ItemRequest, { equation: unknown }>).equation;
  return { type: "equation", equation: { expression }, annotations };
}

function pickAnnotations(
  given: Partial<RichText["annotations"]>,
): Partial<RichText["annotations"]> {
  const known = Object.keys(plainAnnotations);
  const kept = Object.entries(given).filter(
    ([name, value]) => known.includes(name) && value !== undefined,
  );
  return Object.fromEntries(kept);
}

/** Links are absolute, or lead to a page of the workspace by a path; Notion refuses others. */
function checkLink(url: string): string {
  if (url.startsWith("/") || URL.canParse(url)) return url;
  throw NotionError.validation("Content creation Failed. Fix the following: Invalid URL for link.");
}

function toMention(request: MentionRequest): Mention {
  if ("user" in request) return { type: "user", user: { id: toDashed(request.user.id) } };
  if ("page" in request) return { type: "page", page: { id: toDashed(request.page.id) } };
  if ("database" in request) {
    return { type: "database", database: { id: toDashed(request.database.id) } };
  }
  if ("date" in request) return { type: "date", date: toDateValue(request.date) };
  if ("custom_emoji" in request) {
    const { id, name = "", url = "" } = request.custom_emoji;
    return { type: "custom_emoji", custom_emoji: { id: toDashed(id), name, url } };
  }
  if ("link_mention" in request)
    return { type: "link_mention", link_mention: request.link_mention };
  if ("link_preview" in request)
    return { type: "link_preview", link_preview: request.link_preview };
  const [key, value] = Object.entries(request.template_mention).find(
    ([name]) => name !== "type",
  ) ?? ["template_mention_date", "today"];
  return { type: "template_mention", template_mention: { type: key, [key]: value } };
}

export function toDateValue(request: {
  start: string;
  end?: string | null;
  time_zone?: string | null;
}): DateValue {
  const zone = request.time_zone ?? null;
  return {
    start: toStoredDate(request.start, zone),
    end: request.end ? toStoredDate(request.end, zone) : null,
    // Times carry their offset from here on, so the zone has done its work.
    time_zone: null,
  };
}

export function toFileSource(request: FileRequest): FileSource {
  if ("external" in request) return { type: "external", external: { url: request.external.url } };
  if ("file" in request) return { type: "file", file: { url: request.file.url } };
  return { type: "file_upload", file_upload: { id: toDashed(request.file_upload.id) } };
}

export function toIcon(request: IconRequest): Icon {
  if ("emoji" in request) return { type: "emoji", emoji: request.emoji };
  if ("custom_emoji" in request) {
    const { id, name = "", url = "" } = request.custom_emoji;
    return { type: "custom_emoji", custom_emoji: { id: toDashed(id), name, url } };
  }
  if ("icon" in request) {
    return { type: "icon", icon: { name: request.icon.name, color: request.icon.color ?? "gray" } };
  }
  return toFileSource(request);
}
