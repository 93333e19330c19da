import { AppError } from "@tenon/connector";

const bare = /^[0-9a-f]{32}$/;
const dashed = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** An id at the end of a link's path, mostly after the words of a title. */
const atEnd =
  /(?:^|[-/])([0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/**
 * The id of what a value names: an id with or without dashes, or the link that Notion copies, of
 * either form (`www.notion.so/Title-<id>`, `app.notion.com/p/Title-<id>`). Of a link to a page that
 * is open over a database it is the page's. Undefined for anything else.
 */
export function parseId(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const link = toLink(text);
  if (!link) return toDashed(text);
  const open = toDashed(link.searchParams.get("p") ?? "");
  return open ?? toDashed(atEnd.exec(link.pathname.replace(/\/+$/, "").toLowerCase())?.[1] ?? "");
}

/** As {@link parseId}, but of a link to a block within a page (`…#<id>`) it is the block's. */
export function parseBlockId(value: unknown): string | undefined {
  const link = typeof value === "string" ? toLink(value.trim()) : undefined;
  return toDashed(link?.hash.slice(1) ?? "") ?? parseId(value);
}

type Kind =
  | "page"
  | "block"
  | "database"
  | "data source"
  | "user"
  | "comment"
  | "discussion"
  | "file upload"
  | "view";

/**
 * The id that a field holds.
 *
 * @throws AppError `invalid_input` that says what is wrong and what to write.
 */
export function requireId(value: unknown, kind: Kind): string {
  const id = kind === "block" ? parseBlockId(value) : parseId(value);
  if (id !== undefined) return id;
  const shown = JSON.stringify(value) ?? String(value);
  throw new AppError(
    "invalid_input",
    400,
    `${shown.slice(0, 200)} is no ${kind} id: write the id, or the link that Notion copies for it.`,
  );
}

function toDashed(text: string): string | undefined {
  const id = text.toLowerCase();
  if (dashed.test(id)) return id;
  return bare.test(id) ? id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : undefined;
}

function toLink(text: string): URL | undefined {
  return /^(?:https?|notion):\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
