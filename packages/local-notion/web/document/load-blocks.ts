import { type Api, readAll } from "../api/api.ts";
import type { Block } from "../api/objects.ts";
import { isNotFound } from "../api/request.ts";
import type { LoadedBlock } from "./block-tree.ts";

/** So many requests at once are enough to keep one server busy. */
const parallelReads = 6;

/** Reads all blocks of a page, down to the pages and databases in it. */
export async function loadBlocks(api: Api, pageId: string): Promise<LoadedBlock[]> {
  const read = limited(parallelReads, (id: string) =>
    readAll((cursor) => api.children(id, cursor)),
  );
  const load = async (id: string): Promise<LoadedBlock[]> =>
    Promise.all(
      (await read(id)).map(async (block) => ({ block, children: await loadBelow(block) })),
    );
  const loadBelow = async (block: Block): Promise<LoadedBlock[]> => {
    if (!isOpened(block)) return [];
    // Gone since its parent was read, or the original of a synced copy that is not there.
    return load(block.id).catch((error: unknown) => {
      if (isNotFound(error)) return [];
      throw error;
    });
  };
  return load(pageId);
}

function isOpened(block: Block): boolean {
  return block.has_children && block.type !== "child_page" && block.type !== "child_database";
}

/** Calls `work` for at most so many at a time. */
function limited<Input, Output>(limit: number, work: (input: Input) => Promise<Output>) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (input: Input): Promise<Output> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work(input);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
