import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { withCoverage } from "./coverage-table.ts";

it("has the coverage that is tested (else: node packages/local-notion/scripts/coverage.ts)", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toBe(withCoverage(readme));
});
