/** Writes what Local Notion covers into its README, from the tables the tests of src/coverage run. */
import { readFile, writeFile } from "node:fs/promises";
import { withCoverage } from "../src/coverage/coverage-table.ts";

const file = new URL("../README.md", import.meta.url);
await writeFile(file, withCoverage(await readFile(file, "utf8")));
