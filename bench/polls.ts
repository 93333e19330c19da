import { startParty } from "./party.ts";
import { median, type Report, type Row, round } from "./report.ts";

const rounds = 5;
const measureMs = 5_000;

interface Measured {
  polls: number;
  cpuMs: number;
  seconds: number;
}

/**
 * What it costs to ask accounts for changes when there are none: as many polls as there can be of
 * 200 connections, through Tenon (claimed in the database, compared with the ledger, released), and
 * as the bare request that each of them is. The cost of 10,000 connections follows from it.
 */
export async function benchPolls(): Promise<Report> {
  const notion = await startParty<{ url: string }>("trigger/local-notion.ts");
  const bare = await startParty("trigger/bare-polls.ts", [notion.facts.url]);
  const tenon = await startParty("trigger/polls.ts", [notion.facts.url]);
  const contenders = [
    { label: "bare search requests", party: bare, measured: [] as Measured[] },
    { label: "Tenon's polls", party: tenon, measured: [] as Measured[] },
  ];
  try {
    for (let turn = 1; turn <= rounds; turn += 1) {
      for (const { party, measured } of contenders) {
        const before = await party.cpuMs();
        const { polls, seconds } = await party.ask<Measured>({ measureMs });
        const cpuMs = (await party.cpuMs()) - before;
        measured.push({ polls, seconds, cpuMs });
      }
    }
  } finally {
    for (const party of [tenon, bare, notion]) await party.stop();
  }
  const cpuOf = ({ cpuMs, polls }: Measured) => cpuMs / polls;
  const rows: Row[] = contenders.map(({ label, measured }) => ({
    label,
    perSecond: round(median(measured.map(({ polls, seconds }) => polls / seconds)), 0),
    cpuMsEach: round(median(measured.map(cpuOf)), 2),
  }));
  const [theirs, ours] = contenders.map(({ measured }) => median(measured.map(cpuOf)));
  return {
    rows,
    ratios: { "CPU of a poll: Tenon of bare": round((ours ?? 0) / (theirs ?? Number.NaN), 2) },
  };
}
