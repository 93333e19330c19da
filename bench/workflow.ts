import { type Party, startParty } from "./party.ts";
import { median, type Report, type Row, round } from "./report.ts";
import type { Contender, Load, LoadResult, Target } from "./load.ts";

const concurrencies = [1, 32];
const rounds = 5;
const warmUpMs = 6_000;
const measureMs = 3_000;

const bareFetches = "bare sequence of 3 fetches";
const bareEngine = "bare engine (DBOS)";
const tenonLabel = "Tenon";

/**
 * Workflows/s and latency of: a request, three authenticated HTTP steps, the reply. As the least
 * that sends three requests, where nothing survives a crash; as the engine DBOS with three durable
 * steps that do nothing else; and through Tenon's real server, with user token, stored connection,
 * limiter, references, redaction and the history of every step. Each with its own PostgreSQL and in
 * a process of its own; the rounds take turns.
 */
export async function benchWorkflow(): Promise<Report> {
  const receiver = await startParty<{ port: number }>("workflow/receiver.ts");
  const receiverUrl = `http://127.0.0.1:${receiver.facts.port}`;
  const parties: Party<Target>[] = [];
  for (const file of ["bare-fetches", "bare-engine", "tenon"]) {
    parties.push(await startParty<Target>(`workflow/${file}.ts`, [receiverUrl]));
  }
  const load = await startParty("load.ts");
  const labels = [bareFetches, bareEngine, tenonLabel];
  const contenders = parties.map((party, index) => ({ label: labels[index] ?? "", party }));
  try {
    return toReport(await measureAll(contenders, load));
  } finally {
    for (const party of [load, ...parties, receiver]) await party.stop();
  }
}

type Results = Map<string, LoadResult[]>;

async function measureAll(
  contenders: readonly Contender[],
  load: Party<unknown>,
): Promise<Results> {
  const results: Results = new Map();
  for (const { party } of contenders) await measure(party, load, [32, warmUpMs]);
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

function measure(
  party: Party<Target>,
  load: Party<unknown>,
  [concurrency, durationMs]: [number, number],
): Promise<LoadResult> {
  const body = '{"page":"0b9cbc93"}';
  return load.ask<LoadResult>({ ...party.facts, body, concurrency, durationMs } satisfies Load);
}

function keyOf(label: string, concurrency: number): string {
  return `${label}, ${concurrency} concurrent`;
}

function toReport(results: Results): Report {
  const rows: Row[] = [...results].map(([label, measured]) => ({
    label,
    workflowsPerSecond: round(median(measured.map((one) => one.requestsPerSecond)), 0),
    p50Ms: round(median(measured.map((one) => one.p50Ms)), 2),
    p99Ms: round(median(measured.map((one) => one.p99Ms)), 2),
  }));
  const ratios: Record<string, number> = {};
  for (const concurrency of concurrencies) {
    for (const baseline of [bareEngine, bareFetches]) {
      const ours = results.get(keyOf(tenonLabel, concurrency)) ?? [];
      const theirs = results.get(keyOf(baseline, concurrency)) ?? [];
      // Of each round by itself: the two were measured within seconds of each other.
      const pairs = ours.map(
        (one, index) => one.requestsPerSecond / (theirs[index]?.requestsPerSecond ?? Number.NaN),
      );
      ratios[`workflows/s at ${concurrency}: Tenon of ${baseline}`] = round(median(pairs), 3);
    }
  }
  return { rows, ratios };
}
