import {
  plainAnnotations,
  type FileSource,
  type Icon,
  type RichText,
} from "../../src/rich-text/rich-text.ts";
import { isObject, listOf, textOf, type Json, type JsonObject } from "./recording.ts";

/** Rich text as stored, from rich text as answered. */
export function toTexts(value: Json | undefined): RichText[] {
  return listOf(value)
    .filter((item) => isObject(item))
    .map((item) => {
      const type = textOf(item["type"]) || "text";
      const annotations = isObject(item["annotations"]) ? item["annotations"] : {};
      // The border to the recordings: an item as Notion wrote it is one as Local Notion keeps it.
      return {
        type,
        [type]: item[type],
        annotations: { ...plainAnnotations, ...annotations },
      } as unknown as RichText;
    });
}

export function toIcon(value: Json | undefined): Icon | null {
  if (!isObject(value)) return null;
  return value["type"] === "file" || value["type"] === "external"
    ? toFile(value)
    : (value as unknown as Icon);
}

export function toFile(value: Json | undefined): FileSource | null {
  if (!isObject(value)) return null;
  const type = textOf(value["type"]);
  const file = value[type];
  if (!isObject(file)) return null;
  const url = textOf(file["url"]);
  return type === "external" ? { type, external: { url } } : { type: "file", file: { url } };
}

const media = new Set(["image", "video", "audio", "pdf", "file"]);

/** A block's payload as stored. */
export function toContent(type: string, payload: JsonObject): Record<string, unknown> {
  if (media.has(type)) {
    const name = payload["name"] === undefined ? {} : { name: payload["name"] };
    return { caption: toTexts(payload["caption"]), source: toFile(payload), ...name };
  }
  const entries = Object.entries(payload).map(([key, value]) => {
    if (key === "rich_text" || key === "caption") return [key, toTexts(value)];
    if (key === "cells") return [key, listOf(value).map(toTexts)];
    return [key, key === "icon" ? toIcon(value) : value];
  });
  return Object.fromEntries(entries);
}
