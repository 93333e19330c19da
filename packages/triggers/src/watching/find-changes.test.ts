import type { Observation, WatchedObject } from "@tenon/connector";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findChanges, type Look, type Told } from "./find-changes.ts";
import type { LedgerEntry } from "./watch-store.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 29, 12, 0, 0);

/** A page with a title and content, whose times are rounded down to the minute. */
const kind: WatchedObject = {
  kind: "page",
  precisionMs: minute,
  created: "created",
  edits: ["properties", "content"],
  deep: ["content"],
  observe: async () => undefined,
  shows: (state) => (state["trash"] === "true" ? ["deleted"] : []),
  compare(before, after) {
    const differs = (part: string) =>
      part in before && part in after && before[part] !== after[part];
    const changes = [
      ...(differs("title") ? ["properties"] : []),
      ...(differs("content") ? ["content"] : []),
    ];
    const unknown = "content" in after && !("content" in before) ? ["content"] : [];
    return { changes, unknown, details: {} };
  },
};

interface Seen {
  title?: string;
  content?: string | undefined;
  trash?: boolean;
  createdAt?: number;
  changedAt?: number;
}

function observation(seen: Seen): Observation {
  const { title = "a", content = "x", trash = false, createdAt = start, changedAt = start } = seen;
  const floor = (time: number) => new Date(Math.floor(time / minute) * minute);
  return {
    id: "p",
    state: {
      title,
      trash: String(trash),
      ...("content" in seen && !seen.content ? {} : { content }),
    },
    createdAt: floor(createdAt),
    changedAt: floor(changedAt),
    createdBy: undefined,
    changedBy: undefined,
    result: {},
  };
}

function told(times: Record<string, number>): Told {
  const entries = Object.entries(times).map(([change, at]) => [change, new Date(at)] as const);
  return { times: new Map(entries), authors: [], details: {} };
}

function look(seen: Seen, more: Partial<Look> = {}) {
  const finding = findChanges({
    kind,
    before: undefined,
    seen: observation(seen),
    observedAt: new Date(start + 30_000),
    settles: true,
    told: undefined,
    watch: { since: new Date(start), watermark: new Date(start) },
    newest: new Date(start),
    ...more,
  });
  return { ...finding, changes: finding.found.map(({ changes }) => [...changes]) };
}

/** What the ledger says after a look. */
function known(seen: Seen, more: Partial<Look> = {}): LedgerEntry {
  const { entry } = look(seen, more);
  if (entry === undefined) throw new Error("The look left no entry.");
  return entry;
}

const longAgo = start - 3_600_000;
const old = { createdAt: longAgo, changedAt: longAgo };

describe("an object that was not known", () => {
  test("is new where it was made since", () => {
    expect(look({}).changes).toEqual([["created"]]);
    expect(look({}).entry?.isFresh).toBe(true);
  });

  test("that was made before and not changed since is none of our business", () => {
    expect(look(old)).toMatchObject({ changes: [], entry: undefined });
  });

  test("that was made before and changed since may have changed in every way", () => {
    expect(look({ createdAt: longAgo }).changes).toEqual([["properties", "content"]]);
  });

  test("that lies in the trash was thrown away", () => {
    expect(look({ createdAt: longAgo, trash: true }).changes).toEqual([["deleted"]]);
  });

  test("that is told of changed as it was told", () => {
    const more = { told: told({ content: start + 5_000 }) };
    expect(look({ createdAt: longAgo }, more).changes).toEqual([["content"]]);
  });

  test("that is told of for what happened before is known from then on, and that is all", () => {
    const { changes, entry } = look(old, { told: told({ content: longAgo, created: longAgo }) });
    expect(changes).toEqual([]);
    expect(entry).toBeDefined();
  });

  test("is new and changed where both are told, or its times say so", () => {
    const both = { told: told({ created: start, content: start + 1_000 }) };
    expect(look({}, both).changes).toEqual([["created"], ["content"]]);
    const later = { changedAt: start + minute };
    expect(look(later).changes).toEqual([["created"], ["properties", "content"]]);
  });

  test("is not new where it was made a day before all was known", () => {
    const watermark = new Date(start + 3 * 86_400_000);
    const watch = { since: new Date(start), watermark };
    const seen = { changedAt: watermark.getTime() };
    expect(look(seen, { watch, newest: watermark }).changes).toEqual([["properties", "content"]]);
  });
});

describe("an object that was known", () => {
  test("has not changed where it is as it was, whatever is told late or twice", () => {
    const before = known({});
    expect(look({}, { before }).changes).toEqual([]);
    const more = { before: { ...before, isFresh: false }, told: told({ created: start }) };
    expect(look({}, more).changes).toEqual([]);
    const late = { ...more, told: told({ properties: start + 10_000, content: start + 20_000 }) };
    expect(look({}, late).changes).toEqual([]);
  });

  test("has changed where it is not, told or not", () => {
    const before = known({});
    expect(look({ title: "b" }, { before }).changes).toEqual([["properties"]]);
    expect(look({ content: "y" }, { before }).changes).toEqual([["content"]]);
    const more = { before, told: told({ content: start + 10_000 }) };
    expect(look({ title: "b" }, more).changes).toEqual([["properties"]]);
  });

  test("has changed where only its time shows it", () => {
    const before = known({});
    expect(look({ changedAt: start + minute }, { before }).changes).toEqual([["content"]]);
  });

  test("has changed where it is told of surely after the last look", () => {
    const before = { ...known({}), isFresh: false };
    const at = before.observedAt.getTime() + 6_000;
    expect(look({}, { before, told: told({ content: at }) }).changes).toEqual([["content"]]);
  });

  test("that is new was changed the first time that it is told, even if it was seen so already", () => {
    const before = known({});
    const first = look({}, { before, told: told({ properties: start + 1_000 }) });
    expect(first.changes).toEqual([["properties"]]);
    const again = { before: first.entry, told: told({ content: start + 1_000 }) };
    expect(look({}, again).changes).toEqual([]);
  });

  test("may have changed where a part was not looked at before, if it is told or its time says so", () => {
    const before = { ...known({ content: undefined }), isFresh: false };
    expect(look({ content: "y" }, { before }).changes).toEqual([]);
    const more = { before, told: told({ content: start + 1_000 }) };
    expect(look({ content: "y" }, more).changes).toEqual([["content"]]);
    expect(look({ changedAt: start + minute }, { before }).changes).toEqual([["content"]]);
  });
});

test("an object that was looked at for less in the same minute is looked at again as well", () => {
  const before = { ...known({}), settleAt: undefined };
  expect(look({}, { before }).entry?.settleAt?.getTime()).toBe(start + 30_000 + 70_000);
  const late = { ...before, observedAt: new Date(start + 300_000) };
  expect(look({}, { before: late }).entry?.settleAt).toBeUndefined();
});

describe("an object that may change again in the same minute", () => {
  test("is looked at again when the minute is over, by our clock or the provider's", () => {
    const before = known({});
    expect(before.settleAt?.getTime()).toBe(start + 30_000 + 70_000);
    const observedAt = new Date(start + 45_000);
    expect(look({}, { before, observedAt }).entry?.settleAt).toEqual(before.settleAt);
    const later = new Date(start + 101_000);
    expect(look({}, { before, observedAt: later }).entry?.settleAt).toBeUndefined();
    const newest = new Date(start + minute);
    expect(look({}, { before, observedAt, newest }).entry?.settleAt).toBeUndefined();
  });
});

/** What happens to a page, and to what is told of it. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("title" as const), isLost: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("content" as const), isLost: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(40_000) }) },
  { weight: 2, arbitrary: fc.constant({ do: "poll" as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tell" as const), which: fc.nat(50) }) },
);

test("whatever is lost, late, doubled or polled: the last change found has seen the last edit, and there are no more changes than edits", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = start + 1;
      const page = { title: 0, content: 0, changedAt: longAgo };
      let entry: LedgerEntry | undefined;
      let edits = 0;
      let foundCount = 0;
      let lastFound = "0 0";
      const events: { change: string; at: number }[] = [];

      const lookNow = (by: Told | undefined) => {
        const seen = observation({
          title: String(page.title),
          content: String(page.content),
          createdAt: longAgo,
          changedAt: page.changedAt,
        });
        const finding = findChanges({
          kind,
          before: entry,
          seen,
          observedAt: new Date(now),
          settles: true,
          told: by,
          watch: { since: new Date(start), watermark: new Date(start) },
          newest: new Date(start),
        });
        entry = finding.entry ?? entry;
        foundCount += finding.found.length;
        if (finding.found.length > 0) lastFound = `${page.title} ${page.content}`;
      };

      /** A poll sees titles and times; it looks closer at what differs, or is due. */
      const poll = () => {
        const changedAt = Math.floor(page.changedAt / minute) * minute;
        const isDue = entry?.settleAt !== undefined && entry.settleAt.getTime() <= now;
        const differs =
          entry === undefined
            ? changedAt >= start
            : changedAt > entry.changedAt.getTime() || entry.state["title"] !== `${page.title}`;
        if (isDue || differs) lookNow(undefined);
      };

      for (const one of steps) {
        now += 50;
        if (one.do === "wait") now += one.ms;
        if (one.do === "title" || one.do === "content") {
          page[one.do] += 1;
          page.changedAt = now;
          edits += 1;
          const change = one.do === "title" ? "properties" : "content";
          if (!one.isLost) events.push({ change, at: now });
        }
        if (one.do === "poll") poll();
        const event =
          one.do === "tell" ? events[one.which % Math.max(1, events.length)] : undefined;
        if (event) lookNow(told({ [event.change]: event.at }));
      }
      // Two more polls, when every minute is over.
      for (let last = 0; last < 2; last += 1) {
        now += 80_000;
        poll();
      }
      expect(lastFound).toBe(`${page.title} ${page.content}`);
      expect(foundCount).toBeLessThanOrEqual(edits);
    }),
    { numRuns: 2_000 },
  );
});
