import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@tenon/postgres";
import type { IngestLoad, IngestTarget } from "./ingest/load.ts";
import type { LoadResult } from "./load.ts";
import { type Party, startParty } from "./party.ts";
import { median, type Report, type Row, round } from "./report.ts";

const concurrencies = [64, 256];
const rounds = 5;
const warmUpMs = 6_000;
const measureMs = 3_000;

const bareLabel = "bare verified insert";
const tenonLabel = "Tenon";

type Measured = LoadResult & { cpuMsPerEvent: number };
type Results = Map<string, Measured[]>;

interface Contender {
  label: string;
  party: Party<IngestTarget>;
}

/**
 * Events/s that are durable when they are acknowledged: signed events of about 1 kB over HTTP. As the
 * least that checks the signature and inserts a row for each; and through Tenon's real server, which
 * also reads each event, finds the connections that it concerns among 10,000, and commits what each
 * of them has to do. Both on one PostgreSQL, each in a process of its own; the rounds take turns.
 */
export async function benchIngest(): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-bench-ingest-"));
  const database = await startEmbeddedPostgres({ dataDir });
  const parties: Party<unknown>[] = [];
  const start = async <Facts>(file: string, args: string[] = []) => {
    const party = await startParty<Facts>(file, args);
    parties.unshift(party);
    return party;
  };
  try {
    const url = database.connectionString;
    const provider = await start<{ port: number }>("workflow/receiver.ts");
    const providerUrl = `http://127.0.0.1:${provider.facts.port}`;
    const contenders: Contender[] = [
      { label: bareLabel, party: await start("ingest/bare.ts", [url]) },
      { label: tenonLabel, party: await start("ingest/tenon.ts", [providerUrl, url]) },
    ];
    return toReport(await measureAll(contenders, await start("ingest/load.ts")));
  } finally {
    for (const party of parties) await party.stop();
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(
  contenders: readonly Contender[],
  load: Party<unknown>,
): Promise<Results> {
  const results: Results = new Map();
  for (const { party } of contenders) await measure(party, load, [64, warmUpMs]);
  for (let turn = 1; turn <= rounds; turn += 1) {
    console.log(`round ${turn} of ${rounds}`);
    for (const concurrency of concurrencies) {
      for (const { label, party } of contenders) {
        const key = keyOf(label, concurrency);
        const measured = await measure(party, load, [concurrency, measureMs]);
        results.set(key, [...(results.get(key) ?? []), measured]);
      }
    }
  }
  return results;
}

async function measure(
  party: Party<IngestTarget>,
  load: Party<unknown>,
  [concurrency, durationMs]: [number, number],
): Promise<Measured> {
  const before = await party.cpuMs();
  const asked = { ...party.facts, concurrency, durationMs } satisfies IngestLoad;
  const result = await load.ask<LoadResult>(asked);
  const cpuMs = (await party.cpuMs()) - before;
  return { ...result, cpuMsPerEvent: cpuMs / result.requests };
}

function keyOf(label: string, concurrency: number): string {
  return `${label}, ${concurrency} concurrent`;
}

function toReport(results: Results): Report {
  const rows: Row[] = [...results].map(([label, measured]) => {
    const pick = (figure: keyof Measured) => median(measured.map((one) => one[figure]));
    return {
      label,
      eventsPerSecond: round(pick("requestsPerSecond"), 0),
      p50Ms: round(pick("p50Ms"), 2),
      p99Ms: round(pick("p99Ms"), 2),
      cpuMsPerEvent: round(pick("cpuMsPerEvent"), 4),
    };
  });
  const ratios: Record<string, number> = {};
  for (const concurrency of concurrencies) {
    const ours = results.get(keyOf(tenonLabel, concurrency)) ?? [];
    const bare = results.get(keyOf(bareLabel, concurrency)) ?? [];
    // Of each round by itself: the two were measured within seconds of each other.
    const pairs = ours.map(
      (one, index) => one.requestsPerSecond / (bare[index]?.requestsPerSecond ?? Number.NaN),
    );
    ratios[`events/s at ${concurrency}: Tenon of ${bareLabel}`] = round(median(pairs), 3);
  }
  return { rows, ratios };
}
