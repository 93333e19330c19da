import { AppError } from "@tenon/connector";
import * as z from "zod";
import { jsonField, readJsonField } from "../json-text.ts";

const Json = z.record(z.string(), z.json());

/** How a page looks beside its content, for actions that make or change one. */
export const looksFields = {
  icon: jsonField(Json)
    .optional()
    .meta({
      title: "Icon",
      description: "An emoji, the address of an image, or Notion's icon object.",
      examples: ["🚀", "https://example.com/icon.png"],
      ui: { widget: "emoji" },
    }),
  cover: jsonField(Json)
    .optional()
    .meta({
      title: "Cover",
      description: "The address of an image, or Notion's cover object.",
      examples: ["https://example.com/cover.png"],
    }),
};

interface LooksInput {
  icon?: string | z.output<typeof Json> | undefined;
  cover?: string | z.output<typeof Json> | undefined;
}

/** The `icon` and `cover` of a request. What is not given is left out; `none` takes it away. */
export function toLooks({ icon, cover }: LooksInput): Record<string, unknown> {
  const looks = { icon: toLook(icon, "Icon"), cover: toLook(cover, "Cover") };
  return Object.fromEntries(Object.entries(looks).filter(([, look]) => look !== undefined));
}

const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const longestEmoji = 64;

function toLook(given: LooksInput["icon"], title: "Icon" | "Cover"): unknown {
  const text = typeof given === "string" ? given.trim() : undefined;
  if (given === undefined || text === "") return undefined;
  if (text === "none") return null;
  if (text === undefined || text.startsWith("{")) {
    return readJsonField(given, { title, schema: Json });
  }
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    return { type: "external", external: { url: text } };
  }
  if (title === "Icon" && text.length <= longestEmoji && emoji.test(text)) {
    return { type: "emoji", emoji: text };
  }
  const advice =
    title === "Icon" ? "an emoji or the address of an image" : "the address of an image";
  throw new AppError(
    "invalid_input",
    400,
    `"${title}" does not take ${JSON.stringify(text.slice(0, 100))}: write ${advice}.`,
  );
}
