import { createHash, randomBytes } from "node:crypto";
import type { ChangeFeed } from "../change-feed.ts";
import { openEnvelope, readKeyId, sealEnvelope, SealingError } from "./envelope.ts";
import type { KeyRing, RingKey } from "./key-ring.ts";

/** The one place a sealed value belongs to; it opens nowhere else. */
export interface SealPlace {
  table: string;
  column: string;
  rowId: string;
}

/** Keeps each project's sealed data key. */
export interface DataKeyStore {
  find(projectId: string): Promise<Buffer | undefined>;
  /** Sealed data keys in the order of project ids, after the one given. */
  list(after: string | undefined, limit: number): Promise<{ projectId: string; sealed: Buffer }[]>;
  /** Replaces a data key's envelope; false where it is no longer the one given. */
  replace(projectId: string, from: Buffer, to: Buffer): Promise<boolean>;
}

/** Seals and opens with one project's data key, at once. */
export interface ProjectSealer {
  seal(place: SealPlace, plaintext: string): Buffer;
  open(place: SealPlace, sealed: Buffer): string;
}

/** Seals secrets under a data key per project, itself sealed under the operator's key ring. */
export interface Sealer {
  /** A new project's data key, sealed: store it with the project. */
  createDataKey(projectId: string): Buffer;
  /** The project's sealer: at once where its data key is in memory. */
  forProject(projectId: string): ProjectSealer | Promise<ProjectSealer>;
  seal(projectId: string, place: SealPlace, plaintext: string): Promise<Buffer>;
  open(projectId: string, place: SealPlace, sealed: Buffer): Promise<string>;
  /** Forgets every data key and stops listening for changes. */
  close(): void;
}

/**
 * Creates the sealer.
 *
 * - Data keys are held in memory only while the change feed is live; a change of the project drops
 *   its key, a reset of the feed drops all.
 * - A key read while a change arrived is used once and not kept.
 */
export function createSealer(options: {
  keyRing: KeyRing;
  dataKeys: DataKeyStore;
  changeFeed: ChangeFeed;
}): Sealer {
  const { keyRing, dataKeys, changeFeed } = options;
  const held = new Map<string, ProjectSealer>();
  let generation = 0;
  const unsubscribe = changeFeed.subscribe({
    onChange({ table, projectId }) {
      if (table !== "projects") return;
      generation += 1;
      held.delete(projectId);
    },
    onReset() {
      generation += 1;
      held.clear();
    },
  });

  async function load(projectId: string): Promise<ProjectSealer> {
    const startedAt = generation;
    const sealed = await dataKeys.find(projectId);
    if (sealed === undefined) {
      throw new SealingError("data_key_missing", `Project ${projectId} has no data key.`);
    }
    const sealer = createProjectSealer(projectId, openDataKey(keyRing, projectId, sealed));
    if (changeFeed.isLive && generation === startedAt) held.set(projectId, sealer);
    return sealer;
  }

  function forProject(projectId: string): ProjectSealer | Promise<ProjectSealer> {
    return (changeFeed.isLive ? held.get(projectId) : undefined) ?? load(projectId);
  }

  return {
    createDataKey: (projectId) => sealDataKey(keyRing, projectId, randomBytes(32)),
    forProject,
    seal: async (projectId, place, plaintext) =>
      (await forProject(projectId)).seal(place, plaintext),
    open: async (projectId, place, sealed) => (await forProject(projectId)).open(place, sealed),
    close() {
      unsubscribe();
      held.clear();
    },
  };
}

/** Seals a data key under the active key of the ring. */
export function sealDataKey(keyRing: KeyRing, projectId: string, dataKey: Buffer): Buffer {
  return sealEnvelope(keyRing.active, dataKeyContext(projectId), dataKey);
}

/** Opens a data key with the ring's key that sealed it. */
export function openDataKey(keyRing: KeyRing, projectId: string, sealed: Buffer): Buffer {
  const keyId = readKeyId(sealed);
  const key = keyRing.keys.get(keyId);
  if (key === undefined) {
    throw new SealingError(
      "key_unknown",
      `The data key of project ${projectId} is sealed with key "${keyId}", which the key ring does not hold. Put that key back into TENON_KEYS.`,
    );
  }
  return openEnvelope(key, dataKeyContext(projectId), sealed);
}

function dataKeyContext(projectId: string): string[] {
  return ["projects", "sealed_data_key", projectId];
}

function createProjectSealer(projectId: string, dataKey: Buffer): ProjectSealer {
  const key: RingKey = { id: fingerprint(dataKey), key: dataKey };
  const context = ({ table, column, rowId }: SealPlace) => [projectId, table, column, rowId];
  return {
    seal: (place, plaintext) => sealEnvelope(key, context(place), Buffer.from(plaintext)),
    open(place, sealed) {
      if (readKeyId(sealed) !== key.id) {
        throw new SealingError(
          "unreadable",
          `The sealed value at ${context(place).join("/")} was sealed with another data key than this project's.`,
        );
      }
      return openEnvelope(key, context(place), sealed).toString("utf8");
    },
  };
}

/** Names a data key without telling it. */
function fingerprint(dataKey: Buffer): string {
  return createHash("sha256").update(dataKey).digest("hex").slice(0, 16);
}
