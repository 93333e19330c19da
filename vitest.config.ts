import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,connectors,packages,test}/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A loaded machine must not fail a test: nothing here is about time.
    expect: { poll: { timeout: 15_000 } },
  },
});
