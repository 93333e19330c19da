import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queries, searches } from "./local-notion/questions.ts";
import { forgetCompiled, measureStart, type Start } from "./local-notion/start.ts";
import { type Party, startParty } from "./party.ts";
import { median, type Report, round, type Row } from "./report.ts";

const few = 1_000;
const many = 100_000;
const rounds = 5;
const requestsPerRound = 20;
const scansPerRound = 2;
const starts = 10;

interface Facts {
  port: number;
  token: string;
  sourceId: string;
  fillMs: number;
  heapMB: number;
}

interface Question {
  label: string;
  path: (facts: Facts) => string;
  body: object;
}

const questions: Question[] = [
  ...queries.map(({ label, filter, sorts }) => ({
    label,
    path: ({ sourceId }: Facts) => `/v1/data_sources/${sourceId}/query`,
    body: { ...(filter ? { filter } : {}), sorts },
  })),
  ...searches.map(({ label, query }) => ({ label, path: () => "/v1/search", body: { query } })),
];

/**
 * Local Notion with 100,000 rows in one data source: whole HTTP requests that are answered by its
 * indexes, beside the same requests with 1,000 rows, and beside finding the same by looking at each
 * of the 100,000, for which neither HTTP nor presenting the found is counted. Then its start with
 * nothing and with that workspace in its file.
 */
export async function benchLocalNotion(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "local-notion-bench-"));
  const dataFile = join(folder, "workspace.jsonl");
  try {
    const small = await startParty<Facts>("local-notion/server.ts", [String(few)]);
    const large = await startParty<Facts>("local-notion/server.ts", [String(many), dataFile]);
    let asked: Asked[];
    try {
      asked = await measureQuestions(small, large);
    } finally {
      for (const party of [small, large]) await party.stop();
    }
    return toReport(asked, await measureStarts(dataFile), large.facts);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Asked {
  label: string;
  /** The first of its kind makes the index it needs. */
  firstMs: number;
  manyMs: number[];
  fewMs: number[];
  scanMs: number[];
}

async function measureQuestions(small: Party<Facts>, large: Party<Facts>): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const question of questions) {
    const firstMs = await timeOf(large.facts, question);
    await timeOf(small.facts, question);
    asked.push({ label: question.label, firstMs, manyMs: [], fewMs: [], scanMs: [] });
  }
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`round ${round} of ${rounds}`);
    for (const [index, question] of questions.entries()) {
      const one = asked[index];
      if (!one) continue;
      for (let count = 0; count < requestsPerRound; count += 1) {
        one.manyMs.push(await timeOf(large.facts, question));
        one.fewMs.push(await timeOf(small.facts, question));
      }
      for (let count = 0; count < scansPerRound; count += 1) {
        one.scanMs.push(await large.ask<number>({ scan: question.label }));
      }
    }
  }
  return asked;
}

async function timeOf(facts: Facts, { path, body }: Question): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`http://127.0.0.1:${facts.port}${path(facts)}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${facts.token}`,
      "notion-version": "2026-03-11",
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path(facts)} answered ${answer.status}: ${text}`);
  return performance.now() - started;
}

interface Starts {
  first: Start[];
  empty: Start[];
  full: Start[];
}

async function measureStarts(dataFile: string): Promise<Starts> {
  const first: Start[] = [];
  const empty: Start[] = [];
  const full: Start[] = [];
  for (let count = 1; count <= starts; count += 1) {
    console.log(`start ${count} of ${starts}`);
    await forgetCompiled();
    first.push(await measureStart([]));
    // Saves what it has compiled once it is ready.
    await measureStart([], { stayMs: 1_000 });
    empty.push(await measureStart([]));
    full.push(await measureStart(["--data", dataFile]));
  }
  return { first, empty, full };
}

function toReport(
  asked: readonly Asked[],
  { first, empty, full }: Starts,
  { fillMs, heapMB }: Facts,
): Report {
  const startRow = (label: string, all: Start[]): Row => ({
    label,
    readyP50Ms: round(median(readyOf(all)), 0),
    residentMB: round(median(all.map(({ residentMB }) => residentMB)), 0),
  });
  const rows: Row[] = [
    ...asked.map(({ label, firstMs, manyMs, fewMs, scanMs }) => ({
      label,
      p50Ms: round(median(manyMs), 2),
      firstMs: round(firstMs, 1),
      p50With1000RowsMs: round(median(fewMs), 2),
      p50ByScanMs: round(median(scanMs), 1),
    })),
    startRow("first start, nothing compiled yet", first),
    startRow("start, example workspace", empty),
    startRow("start, 100,000 rows in its file", full),
    { label: "filling it with 100,000 rows", ms: round(fillMs, 0), heapMB: round(heapMB, 0) },
  ];
  const ratios: Record<string, number> = {
    "start: of the first one": round(median(readyOf(empty)) / median(readyOf(first)), 3),
    "start, 100,000 rows in its file: of the example workspace": round(
      median(readyOf(full)) / median(readyOf(empty)),
      1,
    ),
  };
  for (const { label, manyMs, fewMs, scanMs } of asked) {
    ratios[`${label}: of looking at every row`] = round(median(manyMs) / median(scanMs), 4);
    ratios[`${label}: of the same with 1,000 rows`] = round(median(manyMs) / median(fewMs), 2);
  }
  return { rows, ratios };
}

function readyOf(starts: readonly Start[]): number[] {
  return starts.map(({ readyMs }) => readyMs);
}
