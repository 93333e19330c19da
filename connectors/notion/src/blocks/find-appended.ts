import type { ActionClient } from "@tenon/connector";
import { outcomeUnknown } from "../outcome-unknown.ts";
import { readAll } from "../read-all.ts";
import { RichText } from "../rich-text.ts";
import { Block } from "../schemas.ts";
import type { BlockRequest } from "./fit-blocks.ts";

/** Between which of the blocks that were there something is put. */
export interface Gap {
  /** The block before it; null where it is the first. */
  after: string | null;
  /** The block behind it; null where it is the last. */
  before: string | null;
}

/**
 * Looks whether blocks were put into a gap: between its two sides whatever is there came later.
 *
 * - Answers the blocks if they stand there, one behind the other, with the type and text sent.
 * - Answers undefined if they do not: they were surely not made.
 * - What others put into the same gap meanwhile does no harm.
 *
 * @throws AppError `outcome_unknown` where the block before the gap is gone, or where the gap is
 *   not known and such blocks stand somewhere.
 */
export async function findAppended(
  client: ActionClient,
  parentId: string,
  { sent, gap }: { sent: readonly BlockRequest[]; gap: Gap | undefined },
): Promise<Block[] | undefined> {
  const children = await readChildren(client, parentId);
  if (!gap) {
    if (!findRun(children, sent)) return undefined;
    throw outcomeUnknown(
      `Blocks with the same text are on ${parentId}; whether this step made them cannot be told. Look at the page, then run the step again if they are missing.`,
    );
  }
  const after = gap.after === null ? -1 : children.findIndex(({ id }) => id === gap.after);
  if (gap.after !== null && after < 0) {
    throw outcomeUnknown(
      `The block ${gap.after} was taken away while others were being put behind it. Look at the page, then run the step again if they are missing.`,
    );
  }
  const before = children.findIndex(({ id }) => id === gap.before);
  const found = children.slice(after + 1, before < 0 ? undefined : before);
  return findRun(found, sent);
}

/** All the children of a page or block. */
export async function readChildren(client: ActionClient, parentId: string): Promise<Block[]> {
  const path = `/v1/blocks/${parentId}/children`;
  return (await readAll(client, { path, item: Block })).items;
}

/** The first place where blocks of these types and texts stand one behind the other. */
function findRun(blocks: readonly Block[], sent: readonly BlockRequest[]): Block[] | undefined {
  const wanted = sent.map(fingerprint);
  const present = blocks.map(fingerprint);
  const start = present.findIndex((_, at) =>
    wanted.every((one, index) => present[at + index] === one),
  );
  return start < 0 ? undefined : blocks.slice(start, start + sent.length);
}

/** What requests and answers say alike of a block: its type and its text. */
function fingerprint(block: Readonly<Record<string, unknown>>): string {
  const type = String(block["type"]);
  const content = block[type];
  if (typeof content !== "object" || content === null) return type;
  const { rich_text: text, cells }: { rich_text?: unknown; cells?: unknown } = content;
  return JSON.stringify([type, textOf(text), Array.isArray(cells) ? cells.map(textOf) : []]);
}

/** Only answers spell out mentions. */
function textOf(value: unknown): string {
  const items = RichText.safeParse(value).data ?? [];
  return items
    .map(({ text, equation }) => text?.content ?? equation?.expression ?? "\u{fffc}")
    .join("");
}
