import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { benchIngest } from "./ingest.ts";
import { benchLocalNotion } from "./local-notion.ts";
import { benchPolls } from "./polls.ts";
import { benchProxy } from "./proxy.ts";
import { benchTrigger } from "./trigger.ts";
import { benchWorkflow } from "./workflow.ts";
import { describeMachine, printReport, type Report } from "./report.ts";

/** Each measures the product beside a baseline, in one run. */
const benchmarks: Readonly<Record<string, () => Promise<Report>>> = {
  ingest: benchIngest,
  "local-notion": benchLocalNotion,
  polls: benchPolls,
  proxy: benchProxy,
  trigger: benchTrigger,
  workflow: benchWorkflow,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});
const [name = ""] = positionals;
const bench = benchmarks[name];
if (bench === undefined) {
  console.error(`usage: npm run bench -- <${Object.keys(benchmarks).join("|")}> [--json FILE]`);
  process.exit(2);
}
const report = await bench();
printReport(report);
if (values.json !== undefined) {
  const result = { name, machine: describeMachine(), ...report };
  await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
