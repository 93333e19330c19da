import { type Party, startParty } from "./party.ts";
import { median, type Report, type Row, round } from "./report.ts";
import type { Contender, Load, LoadResult, Target } from "./load.ts";

const concurrencies = [1, 32, 256];
const rounds = 5;
/** Enough for the compiler to be done, however slow the machine; or this long. */
const warmUpRequests = 30_000;
const warmUpMs = 20_000;
const measureMs = 2_000;

type Measured = LoadResult & { cpuMsPerRequest: number };

/**
 * Requests/s, latency and processor time of one authenticated GET with 1.5 kB of JSON: straight to
 * the provider, through the least that Node.js and undici need to pass it on, and through Tenon
 * with user token, stored connection, limiter and envelope. Each in a process of its own; the
 * rounds take turns, so that what else the machine does meets all of them.
 */
export async function benchProxy(): Promise<Report> {
  const provider = await startParty<Target>("proxy/provider.ts");
  const providerUrl = `http://127.0.0.1:${provider.facts.port}`;
  const passThrough = await startParty<Target>("proxy/pass-through.ts", [providerUrl]);
  const tenon = await startParty<Target>("proxy/tenon.ts", [providerUrl]);
  const load = await startParty("load.ts");
  const contenders: Contender[] = [
    { label: "direct", party: provider },
    { label: "bare undici pass-through", party: passThrough },
    { label: "Tenon", party: tenon },
  ];
  try {
    return toReport(await measureAll(contenders, load));
  } finally {
    for (const party of [load, tenon, passThrough, provider]) await party.stop();
  }
}

type Results = Map<string, Measured[]>;

async function measureAll(contenders: Contender[], load: Party<unknown>): Promise<Results> {
  const results: Results = new Map();
  for (const { party } of contenders) await warmUp(party, load);
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`round ${round} of ${rounds}`);
    for (const concurrency of concurrencies) {
      for (const { label, party } of contenders) {
        const key = `${label}, ${concurrency} concurrent`;
        const measured = await measure(party, load, { concurrency, durationMs: measureMs });
        results.set(key, [...(results.get(key) ?? []), measured]);
      }
    }
  }
  return results;
}

async function warmUp(party: Party<Target>, load: Party<unknown>): Promise<void> {
  const until = performance.now() + warmUpMs;
  for (let requests = 0; requests < warmUpRequests && performance.now() < until;) {
    const measured = await measure(party, load, { concurrency: 32, durationMs: 1_000 });
    requests += measured.requests;
  }
}

async function measure(
  party: Party<Target>,
  load: Party<unknown>,
  pressure: { concurrency: number; durationMs: number },
): Promise<Measured> {
  const before = await party.cpuMs();
  const result = await load.ask<LoadResult>({ ...party.facts, ...pressure } satisfies Load);
  const cpuMs = (await party.cpuMs()) - before;
  return { ...result, cpuMsPerRequest: cpuMs / result.requests };
}

function toReport(results: Results): Report {
  const rows: Row[] = [...results].map(([label, measured]) => {
    const pick = (figure: keyof Measured) => median(measured.map((one) => one[figure]));
    return {
      label,
      requestsPerSecond: round(pick("requestsPerSecond"), 0),
      p50Ms: round(pick("p50Ms"), 3),
      p99Ms: round(pick("p99Ms"), 3),
      cpuMsPerRequest: round(pick("cpuMsPerRequest"), 4),
    };
  });
  const ratios: Record<string, number> = {};
  for (const concurrency of concurrencies) {
    for (const figure of ["requestsPerSecond", "cpuMsPerRequest"] as const) {
      const name = `${figure} at ${concurrency}: Tenon of bare pass-through`;
      ratios[name] = round(median(pairwise(results, concurrency, figure)), 3);
    }
  }
  return { rows, ratios };
}

/** Of each round by itself: the two were measured within seconds of each other. */
function pairwise(results: Results, concurrency: number, figure: keyof Measured): number[] {
  const of = (label: string) => results.get(`${label}, ${concurrency} concurrent`) ?? [];
  const bare = of("bare undici pass-through");
  return of("Tenon").map((one, index) => one[figure] / (bare[index]?.[figure] ?? Number.NaN));
}
