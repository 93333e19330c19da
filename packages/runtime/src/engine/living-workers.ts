/**
 * Tells which workers have died: those whose beat has not risen for a while, by our own clock alone.
 *
 * - Nobody is judged by a time of day, so that a clock that jumps kills no one.
 * - After a time in which we could not read beats ourselves, counting begins anew: when the
 *   database was away for all, all are silent.
 */
export class LivingWorkers {
  readonly #deadAfterMs: number;
  readonly #seen = new Map<string, { beat: string; atMs: number }>();
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(deadAfterMs: number) {
    this.#deadAfterMs = deadAfterMs;
  }

  /** @param beats of all workers, as just read. Answers who is dead. */
  findDead(beats: ReadonlyMap<string, string>, nowMs: number): string[] {
    if (nowMs - this.#lastReadMs > this.#deadAfterMs / 2) this.#seen.clear();
    this.#lastReadMs = nowMs;
    const dead: string[] = [];
    for (const [id, beat] of beats) {
      const seen = this.#seen.get(id);
      if (seen?.beat !== beat) this.#seen.set(id, { beat, atMs: nowMs });
      else if (nowMs - seen.atMs >= this.#deadAfterMs) dead.push(id);
    }
    for (const id of this.#seen.keys()) if (!beats.has(id)) this.#seen.delete(id);
    return dead;
  }
}
