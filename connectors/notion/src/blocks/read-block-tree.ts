import type { ActionContext } from "@tenon/connector";
import { doAgain } from "../do-again.ts";
import { readSome, unlessMissing } from "../read-all.ts";
import { type BlockWithChildren, Block } from "../schemas.ts";

type Work = Pick<ActionContext<unknown>, "client" | "once" | "signal">;

/** A part of a list of children that is to be read. */
interface Reading {
  parentId: string;
  level: number;
  cursor?: string | undefined;
}

interface Read extends Reading {
  blocks: Block[];
  nextCursor: string | undefined;
}

/** Requests of one part: after a wait for Notion's limit a large page goes on from the last one. */
const readsPerPart = 40;
const readsAtOnce = 4;

/** Pages and databases in a page are shown, not entered. */
const closed: ReadonlySet<string> = new Set(["child_page", "child_database"]);

/** Whether what is below a block belongs to the page it is on. */
export function isOpen({ type }: { type: string }): boolean {
  return !closed.has(type);
}

/**
 * The blocks below a page or block, so many levels deep. A block whose children were read has
 * `children`.
 */
export async function readBlockTree(
  work: Work,
  rootId: string,
  depth: number,
): Promise<BlockWithChildren[]> {
  const found = new Map<string, Block[]>();
  // A synced block shows the very blocks of its original: each list is read once.
  const seen = new Set([rootId]);
  let waiting: Reading[] = [{ parentId: rootId, level: 1 }];
  for (let part = 1; waiting.length > 0; part += 1) {
    work.signal.throwIfAborted();
    const now = waiting.slice(0, readsPerPart);
    const reads = await work.once(`read ${part}`, () => readAtOnce(work, now), doAgain);
    for (const read of reads) {
      found.set(read.parentId, [...(found.get(read.parentId) ?? []), ...read.blocks]);
    }
    const following = reads
      .flatMap((one) => next(one, depth))
      .filter(({ parentId, cursor }) => cursor !== undefined || !seen.has(parentId));
    for (const { parentId } of following) seen.add(parentId);
    waiting = [...waiting.slice(readsPerPart), ...following];
  }
  return assemble(found, rootId, depth);
}

async function readAtOnce(work: Work, readings: readonly Reading[]): Promise<Read[]> {
  const reads: Read[] = [];
  for (let from = 0; from < readings.length; from += readsAtOnce) {
    const some = readings.slice(from, from + readsAtOnce);
    reads.push(...(await Promise.all(some.map((reading) => read(work, reading)))));
  }
  return reads;
}

async function read({ client }: Work, reading: Reading): Promise<Read> {
  const path = `/v1/blocks/${reading.parentId}/children`;
  const list = readSome(client, { path, item: Block, cursor: reading.cursor });
  // A synced copy may show what is not shared with the connection: that stays empty.
  const known = await (reading.level === 1 ? list : unlessMissing(list));
  return { ...reading, blocks: known?.items ?? [], nextCursor: known?.nextCursor };
}

/** A repetition of a synced block shows what is below its original. */
function mayHaveChildren(block: Block): boolean {
  return (block.has_children === true || block.type === "synced_block") && isOpen(block);
}

/** What a read shows is still to be read: the rest of the list, then what is below its blocks. */
function next({ parentId, level, blocks, nextCursor }: Read, depth: number): Reading[] {
  const rest = nextCursor === undefined ? [] : [{ parentId, level, cursor: nextCursor }];
  if (level >= depth) return rest;
  const below = blocks
    .filter(mayHaveChildren)
    .map(({ id }) => ({ parentId: id, level: level + 1 }));
  return [...rest, ...below];
}

function assemble(
  found: ReadonlyMap<string, Block[]>,
  parentId: string,
  depth: number,
): BlockWithChildren[] {
  return (found.get(parentId) ?? []).map((block) =>
    depth > 1 && found.has(block.id)
      ? { ...block, children: assemble(found, block.id, depth - 1) }
      : block,
  );
}

/** The blocks of a tree in the order they are read, each without its children. */
export function flatten(blocks: readonly BlockWithChildren[]): Block[] {
  return blocks.flatMap(({ children, ...block }) => [block, ...flatten(children ?? [])]);
}
