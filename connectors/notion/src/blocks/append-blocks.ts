import type { ActionContext } from "@tenon/connector";
import * as z from "zod";
import { doAgain } from "../do-again.ts";
import { Block } from "../schemas.ts";
import type { BlockTree } from "./block-tree.ts";
import { findAppended, type Gap, readChildren } from "./find-appended.ts";
import { type Cut, fitRequest, type Rest } from "./fit-blocks.ts";

/** What it takes to do an action's parts. */
export type Work = Pick<ActionContext<unknown>, "client" | "once">;

export type Position =
  | { type: "start" | "end" }
  | { type: "after_block"; after_block: { id: string } };

/** Where blocks are put. */
export interface Spot {
  parentId: string;
  position: Position;
  /** What was on both sides before; undefined where that would take too long to find out. */
  gap: Gap | undefined;
  /** Begins the names of the parts. */
  name: string;
}

/** The spot in a page or block that has no children yet. */
export function emptySpot(parentId: string, name = ""): Spot {
  return { parentId, name, position: { type: "end" }, gap: { after: null, before: null } };
}

/**
 * Makes blocks with all that is below them, in as many requests as Notion's limits take.
 *
 * - Blocks of one level are sent in order, each request behind what the one before it made; then
 *   what did not fit below each of them.
 * - Each request is one part of the action. After a crash the gap it was sent into shows whether
 *   its blocks are there: none is made twice, none is left out.
 * - Where the gap is not known and such blocks are there, the step ends with `outcome_unknown`.
 *
 * Answers the blocks of the top level.
 */
export async function appendBlocks(
  work: Work,
  trees: readonly BlockTree[],
  spot: Spot,
): Promise<Block[]> {
  const made: Block[] = [];
  const rests: (Rest | undefined)[] = [];
  let next = spot;
  for (let part = 1; made.length < trees.length; part += 1) {
    const cuts = fitRequest(trees, made.length);
    const blocks = await appendSome(work, cuts, { ...next, name: `${spot.name}${part}` });
    made.push(...blocks);
    rests.push(...cuts.map(({ rest }) => rest));
    next = behind(next, blocks.at(-1));
  }
  for (const [index, block] of made.entries()) {
    await appendRest(work, block.id, { rest: rests[index], name: `${spot.name}${index + 1}.` });
  }
  return made;
}

/** The spot behind the last block that was put into a spot. */
function behind(spot: Spot, last: Block | undefined): Spot {
  if (!last) return spot;
  const { position, gap } = spot;
  const isLast = gap ? gap.before === null : position.type === "end";
  const known = gap ?? (isLast ? { after: null, before: null } : undefined);
  return {
    ...spot,
    position: { type: "after_block", after_block: { id: last.id } },
    gap: known && { after: last.id, before: known.before },
  };
}

const Appended = z.looseObject({ results: z.array(Block) });

function appendSome(work: Work, cuts: readonly Cut[], spot: Spot): Promise<Block[]> {
  const { client, once } = work;
  const { parentId, position, gap, name } = spot;
  const children = cuts.map(({ request }) => request);
  const send = async (): Promise<Block[]> => {
    const { results } = await client.request("PATCH", `/v1/blocks/${parentId}/children`, {
      body: { children, position },
      returns: Appended,
    });
    // Put between others, the answer goes on with those that follow.
    return results.slice(0, children.length);
  };
  return once(`append ${name}`, send, () =>
    findAppended(client, parentId, { sent: children, gap }),
  );
}

/** Makes what is left below a block, or page, of which a part was sent. */
export async function appendRest(
  work: Work,
  parentId: string,
  { rest, name }: { rest: Rest | undefined; name: string },
): Promise<void> {
  if (!rest) return;
  const ids = await readSentIds(work, parentId, { rest, name });
  const missing = rest.children.slice(rest.sent.length);
  const gap = { after: ids.at(-1) ?? null, before: null };
  await appendBlocks(work, missing, { ...emptySpot(parentId, `${name}+`), gap });
  for (const [index, one] of rest.sent.entries()) {
    const id = ids[index];
    if (id !== undefined) await appendRest(work, id, { rest: one, name: `${name}${index + 1}.` });
  }
}

/** The ids of the children that were sent with their parent, whose answer does not tell them. */
function readSentIds(
  { client, once }: Work,
  parentId: string,
  { rest, name }: { rest: Rest; name: string },
): Promise<string[]> {
  if (rest.sent.length === 0) return Promise.resolve([]);
  return once(
    `children ${name}`,
    async () => {
      const children = await readChildren(client, parentId);
      return children.slice(0, rest.sent.length).map(({ id }) => id);
    },
    doAgain,
  );
}
