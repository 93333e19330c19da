#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Before anything else is loaded: from the second start on, nothing is compiled again.
enableCompileCache(
  fileURLToPath(new URL("../../../node_modules/.cache/local-notion", import.meta.url)),
);
// In the package as published the sources are compiled; in the repository Node runs them as they are.
const compiled = new URL("../lib/main.js", import.meta.url);
const main = existsSync(compiled) ? compiled : new URL("../src/main.ts", import.meta.url);
const { runCommand } = await import(main.href);
await runCommand(process.argv.slice(2));
// As a process that is killed writes nothing at its end; after whoever waits has been answered.
setTimeout(() => flushCompileCache(), 200).unref();
