import { AppError } from "@tenon/connector";
import { doAgain } from "../do-again.ts";
import { type Block as BlockType, Block } from "../schemas.ts";
import { readSome } from "../read-all.ts";
import type { Position, Work } from "./append-blocks.ts";
import type { Gap } from "./find-appended.ts";

/** So many requests are worth knowing what is on both sides; a page may have thousands of blocks. */
const mostReads = 5;

/**
 * Notes what is on both sides of a position before something is put there, which a look after a
 * crash needs. Null where that is too far down the page.
 *
 * @throws AppError `invalid_input` where the block to put something after is not there.
 */
export function readGap(
  { client, once }: Work,
  parentId: string,
  position: Position,
): Promise<Gap | null> {
  const read = async (): Promise<Gap | null> => {
    const path = `/v1/blocks/${parentId}/children`;
    const blocks: BlockType[] = [];
    let cursor: string | undefined;
    for (let reads = 0; reads < mostReads; reads += 1) {
      const list = await readSome(client, { path, item: Block, cursor });
      blocks.push(...list.items);
      cursor = list.nextCursor;
      const gap = gapAt(blocks, position, cursor === undefined);
      if (gap) return gap;
    }
    return null;
  };
  return once("place", read, doAgain);
}

/** The gap, once the blocks read so far show it. */
function gapAt(blocks: readonly BlockType[], position: Position, isAll: boolean): Gap | undefined {
  switch (position.type) {
    case "start":
      return { after: null, before: blocks[0]?.id ?? null };
    case "end":
      return isAll ? { after: blocks.at(-1)?.id ?? null, before: null } : undefined;
    case "after_block": {
      const { id } = position.after_block;
      const at = blocks.findIndex((block) => block.id === id);
      const before = blocks[at + 1]?.id ?? null;
      if (at >= 0 && (before !== null || isAll)) return { after: id, before };
      if (at >= 0 || !isAll) return undefined;
      throw new AppError(
        "invalid_input",
        400,
        `The block ${id}, after which to put the new ones, is not one of the direct children of the page or block.`,
      );
    }
  }
}
