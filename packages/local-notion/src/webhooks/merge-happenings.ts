import type { Happening } from "./event.ts";

/** Types that are sent at once and each for itself. */
export function isImmediate({ type }: Happening): boolean {
  return (
    type.startsWith("comment.") ||
    type.startsWith("file_upload.") ||
    type === "page.locked" ||
    type === "page.unlocked"
  );
}

const undoneBy: Readonly<Record<string, string>> = {
  created: "deleted",
  deleted: "undeleted",
  undeleted: "deleted",
};

/**
 * Merges what happened to the same thing in one window. What was made or thrown away and brought
 * back to how it was is not told at all.
 */
export function mergeHappenings(happenings: readonly Happening[]): Happening[] {
  const merged = new Map<string, Happening>();
  for (const one of happenings) {
    const [kind = "", action = ""] = one.type.split(".");
    const undone = Object.keys(undoneBy).find(
      (earlier) =>
        undoneBy[earlier] === action && merged.has(`${kind}.${earlier} ${one.entity.id} ""`),
    );
    if (undone !== undefined) {
      merged.delete(`${kind}.${undone} ${one.entity.id} ""`);
      if (undone === "created") dropAll(merged, one.entity.id);
      continue;
    }
    const key = `${one.type} ${one.entity.id} ${JSON.stringify(one.extra["target"] ?? "")}`;
    const known = merged.get(key);
    merged.set(key, known ? join(known, one) : one);
  }
  return [...merged.values()];
}

function dropAll(merged: Map<string, Happening>, entityId: string): void {
  for (const [key, { entity }] of merged) if (entity.id === entityId) merged.delete(key);
}

function join(a: Happening, b: Happening): Happening {
  return {
    ...b,
    authors: [...new Set([...a.authors, ...b.authors])],
    updatedBlocks: unique([...a.updatedBlocks, ...b.updatedBlocks]),
    updatedProperties: unique([...a.updatedProperties, ...b.updatedProperties]),
  };
}

function unique<T>(items: T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
