import { expect, test } from "vitest";
import { LivingWorkers } from "./living-workers.ts";

const beats = (all: Record<string, string>) => new Map(Object.entries(all));

test("a worker whose beat does not rise for long enough is dead, one whose beat rises is not", () => {
  const living = new LivingWorkers(5_000);
  for (let second = 0; second < 5; second += 1) {
    const read = beats({ silent: "7", alive: String(second) });
    expect(living.findDead(read, second * 1_000)).toEqual([]);
  }
  expect(living.findDead(beats({ silent: "7", alive: "5" }), 5_000)).toEqual(["silent"]);
});

test("nobody is dead because we could not read, and each gets time for a beat afterwards", () => {
  const living = new LivingWorkers(5_000);
  living.findDead(beats({ other: "7" }), 0);
  expect(living.findDead(beats({ other: "7" }), 60_000)).toEqual([]);
  expect(living.findDead(beats({ other: "7" }), 64_900)).toEqual([]);
  // Silent for long enough by the clock, but read only twice since we can read again.
  expect(living.findDead(beats({ other: "7" }), 65_100)).toEqual([]);
  expect(living.findDead(beats({ other: "7" }), 66_000)).toEqual(["other"]);
});

test("a worker that left and came back is looked at anew", () => {
  const living = new LivingWorkers(2_000);
  living.findDead(beats({ one: "1" }), 0);
  living.findDead(beats({}), 1_000);
  for (const now of [1_500, 2_000, 2_500]) {
    expect(living.findDead(beats({ one: "1" }), now)).toEqual([]);
  }
});
