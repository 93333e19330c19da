/** How often a beat must have been read unchanged: an outage for all gives everyone time for one. */
const fewestReads = 3;

/**
 * Tells which workers have died: those whose beat has not risen for a while, by our own clock alone.
 *
 * - Nobody is judged by a time of day, so that a clock that jumps kills no one.
 * - After a time in which we could not read beats ourselves, counting begins anew: when the
 *   database was away for all, all are silent.
 */
export class LivingWorkers {
  readonly #deadAfterMs: number;
  readonly #seen = new Map<string, { beat: string; atMs: number; reads: number }>();
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(deadAfterMs: number) {
    this.#deadAfterMs = deadAfterMs;
  }

  /** @param beats of all workers, as just read. Answers who is dead. */
  findDead(beats: ReadonlyMap<string, string>, nowMs: number): string[] {
    if (nowMs - this.#lastReadMs > this.#deadAfterMs) this.#seen.clear();
    this.#lastReadMs = nowMs;
    for (const id of this.#seen.keys()) if (!beats.has(id)) this.#seen.delete(id);
    return [...beats].filter(([id, beat]) => this.#isDead(id, { beat, nowMs })).map(([id]) => id);
  }

  #isDead(id: string, { beat, nowMs }: { beat: string; nowMs: number }): boolean {
    const seen = this.#seen.get(id);
    if (seen?.beat !== beat) {
      this.#seen.set(id, { beat, atMs: nowMs, reads: 0 });
      return false;
    }
    seen.reads += 1;
    return seen.reads >= fewestReads && nowMs - seen.atMs >= this.#deadAfterMs;
  }
}
