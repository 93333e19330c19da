import { availableParallelism, cpus, totalmem } from "node:os";

/** One measured thing. Every figure's name ends with its unit. */
export interface Row {
  label: string;
  [figure: string]: string | number;
}

export interface Report {
  rows: Row[];
  /** What a figure is of its baseline's, by a name that says so. */
  ratios: Record<string, number>;
}

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryMB: Math.round(totalmem() / 1e6),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
  };
}

export function printReport({ rows, ratios }: Report): void {
  const { cpu, cores, node } = describeMachine();
  console.log(`\n${cpu}, ${cores} cores, Node.js ${node}\n`);
  printTable(rows);
  console.log();
  const width = Math.max(...Object.keys(ratios).map((name) => name.length));
  for (const [name, ratio] of Object.entries(ratios)) {
    console.log(`${name.padEnd(width)}  ${(ratio * 100).toFixed(0).padStart(4)} %`);
  }
}

function printTable(rows: readonly Row[]): void {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => format(row[name])))];
  const widths = names.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join("  "));
  }
}

function format(figure: string | number | undefined): string {
  if (typeof figure !== "number") return figure ?? "";
  return figure >= 1_000 ? figure.toFixed(0) : figure.toPrecision(3);
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function round(figure: number, digits: number): number {
  return Number(figure.toFixed(digits));
}
