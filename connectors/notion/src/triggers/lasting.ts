import * as z from "zod";

const Identified = z.object({ id: z.string() });
const HostedFile = z.looseObject({ url: z.string(), expiry_time: z.string() });
const Mention = z.looseObject({ type: z.literal("mention"), mention: z.unknown() });

/** Things that are edited elsewhere, and shown with their names wherever they are named. */
const named: ReadonlySet<unknown> = new Set(["user", "group"]);

/**
 * A value of Notion's without what changes by itself: the links to hosted files and when they end,
 * the names of people and emojis, what a mentioned page is called, and the id of the request.
 */
export function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== "object" || value === null) return value;
  const known = lastingThing(value);
  if (known !== undefined) return known;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "request_id")
      .map(([key, inner]) => [key, lastingAt(key, inner)]),
  );
}

function lastingThing(value: object): unknown {
  if ("object" in value && named.has(value.object)) return Identified.safeParse(value).data;
  const file = HostedFile.safeParse(value).data;
  if (file) return { url: withoutSignature(file.url) };
  const mention = Mention.safeParse(value).data;
  if (!mention) return undefined;
  // What it reads as and leads to follows from what it mentions.
  return { mention: lasting(mention.mention), annotations: mention["annotations"] };
}

/** A mentioned emoji is known by its id, a mentioned link by its address. */
function lastingAt(key: string, value: unknown): unknown {
  if (key === "custom_emoji") return Identified.safeParse(value).data ?? lasting(value);
  if (key === "link_mention") return z.object({ href: z.string() }).safeParse(value).data;
  return lasting(value);
}

/** A link to a hosted file is signed anew each time it is asked for; its path stays. */
function withoutSignature(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

const signedLink = /(https?:\/\/[^\s"'<>()?]+)\?[^\s"'<>()]*signature=[^\s"'<>()]*/gi;
const mentionText = /(<mention-[a-z-]+ [^>]*)>[^<]*<\/mention-[a-z-]+>/g;

/** As {@link lasting}, of a page's content as Markdown. */
export function lastingMarkdown(markdown: string): string {
  return markdown.replace(signedLink, "$1").replace(mentionText, "$1/>");
}
