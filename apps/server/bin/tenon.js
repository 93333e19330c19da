#!/usr/bin/env node
// Plain JavaScript that any Node parses: the sources behind it are TypeScript and need Node 24.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import("../src/main.ts");
} else {
  runWithPinnedNode();
}

/** Starts this file again with the Node that the project's `node` package brings. */
function runWithPinnedNode() {
  let node;
  try {
    node = createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    console.error(
      `Tenon needs Node 24, this is ${process.versions.node}. Run \`npm ci\` first: it brings the right one.`,
    );
    process.exit(1);
  }
  const child = spawn(
    node,
    [import.meta.filename ?? new URL(import.meta.url).pathname, ...process.argv.slice(2)],
    {
      stdio: "inherit",
    },
  );
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
