import { readKeyId, SealingError } from "./envelope.ts";
import type { KeyRing } from "./key-ring.ts";
import { type DataKeyStore, openDataKey, sealDataKey } from "./sealer.ts";

const pageSize = 100;

/** What became of the projects' data keys. */
export interface Resealed {
  moved: number;
  /** Sealed with the active key already. */
  kept: number;
  /** Could not be opened; each message names the project and the key that is missing. */
  failed: { projectId: string; message: string }[];
}

/**
 * Moves every project's data key to the active key of the ring, while Tenon runs. Where none
 * failed, the other keys can then be taken out of the ring. What the data keys sealed is not
 * touched.
 *
 * - Each data key moves in a statement of its own; stopped anywhere, it can simply run again.
 * - A data key that changed meanwhile was resealed by another run and is left as it is.
 * - One that does not open stays as it is and does not hold up the others.
 * - Every running process must know the new key before: first append it to `TENON_KEYS`
 *   everywhere, then make it the first one, then run this, then remove the old key.
 */
export async function resealDataKeys(options: {
  keyRing: KeyRing;
  dataKeys: DataKeyStore;
}): Promise<Resealed> {
  const { dataKeys } = options;
  const resealed: Resealed = { moved: 0, kept: 0, failed: [] };
  let page = await dataKeys.list(undefined, pageSize);
  while (page.length > 0) {
    for (const { projectId, sealed } of page) {
      const outcome = await resealOne(options, projectId, sealed);
      if (typeof outcome === "string") resealed[outcome] += 1;
      else resealed.failed.push({ projectId, message: outcome.message });
    }
    page = await dataKeys.list(page.at(-1)?.projectId, pageSize);
  }
  return resealed;
}

async function resealOne(
  { keyRing, dataKeys }: { keyRing: KeyRing; dataKeys: DataKeyStore },
  projectId: string,
  sealed: Buffer,
): Promise<"moved" | "kept" | SealingError> {
  try {
    if (readKeyId(sealed) === keyRing.active.id) return "kept";
    const dataKey = openDataKey(keyRing, projectId, sealed);
    const isOurs = await dataKeys.replace(
      projectId,
      sealed,
      sealDataKey(keyRing, projectId, dataKey),
    );
    return isOurs ? "moved" : "kept";
  } catch (error) {
    if (error instanceof SealingError) return error;
    throw error;
  }
}
