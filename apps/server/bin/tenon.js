#!/usr/bin/env node
// Plain JavaScript that any Node parses: the sources behind it are TypeScript and need Node 24.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import module from "node:module";

if (Number(process.versions.node.split(".")[0]) >= 24) {
  // Halves the time of every start but the first: stripped and compiled sources are kept.
  module.enableCompileCache(
    fileURLToPath(new URL("../../../node_modules/.cache/tenon", import.meta.url)),
  );
  await import("../src/main.ts");
} else {
  runWithPinnedNode();
}

/** Starts this file again with the Node that the project's `node` package brings. */
function runWithPinnedNode() {
  let node;
  try {
    node = module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    console.error(
      `Tenon needs Node 24, this is ${process.versions.node}. Run \`npm ci\` first: it brings the right one.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
