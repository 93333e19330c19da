import { causeOf, type Cause, type Reason } from "./causes.ts";
import type { Exchange } from "./recording.ts";

/** One exchange that was replayed and compared. */
export interface Outcome {
  exchange: Exchange;
  differences: string[];
  /** Whether the workspace had to be brought to the state the recording shows first. */
  repaired: "read" | "write" | undefined;
}

/** All of a run. */
export interface Replayed {
  outcomes: Outcome[];
  leftOut: ReadonlyMap<Reason, number>;
  total: number;
}

/** Prints how many exchanges agree, by endpoint, and what became of the others. */
export function report({ outcomes, leftOut, total }: Replayed, isVerbose: boolean): void {
  process.stdout.write(`${total} recorded exchanges\n`);
  const rows = new Map<string, { count: number; agreed: number }>();
  for (const { exchange, differences } of outcomes) {
    const key = `${exchange.version} ${exchange.method} ${shapeOf(exchange.path)}`;
    const row = rows.get(key) ?? { count: 0, agreed: 0 };
    rows.set(key, {
      count: row.count + 1,
      agreed: row.agreed + (differences.length === 0 ? 1 : 0),
    });
    if (isVerbose && differences.length > 0) print(exchange, differences);
  }
  for (const [key, { count, agreed }] of [...rows].toSorted(([a], [b]) => a.localeCompare(b))) {
    process.stdout.write(`${String(agreed).padStart(5)} of ${String(count).padEnd(5)} ${key}\n`);
  }
  const agreed = outcomes.filter(({ differences }) => differences.length === 0).length;
  for (const kind of ["read", "write"] as const) {
    const repaired = outcomes.filter((one) => one.repaired === kind && !one.differences.length);
    process.stdout.write(
      `${repaired.length} ${kind}s agree after the workspace was brought to what they show\n`,
    );
  }
  for (const [reason, count] of leftOut) {
    process.stdout.write(`${count} left out: the exchange ${reason}\n`);
  }
  for (const [cause, count] of countCauses(outcomes)) {
    process.stdout.write(`${count} differ: ${cause}\n`);
  }
  const percent = outcomes.length === 0 ? 0 : (100 * agreed) / outcomes.length;
  process.stdout.write(
    `comparable ${outcomes.length}, agree ${agreed} (${percent.toFixed(1)} %)\n`,
  );
}

function countCauses(outcomes: Outcome[]): Map<Cause, number> {
  const counts = new Map<Cause, number>();
  for (const { exchange, differences } of outcomes) {
    if (differences.length === 0) continue;
    const cause = causeOf(exchange, differences);
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return counts;
}

function print(exchange: Exchange, differences: string[]): void {
  const { source, method, path } = exchange;
  const name = source.split("/").at(-1);
  const cause = causeOf(exchange, differences);
  process.stdout.write(`\n${name}: ${method} ${path} (${cause})\n`);
  for (const difference of differences.slice(0, 6)) process.stdout.write(`    ${difference}\n`);
}

function shapeOf(path: string): string {
  return path
    .replaceAll(/[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}/g, ":id")
    .replace(/properties\/.*/, "properties/:id");
}
