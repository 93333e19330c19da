import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Before everything else is loaded: from the second start on, nothing is compiled again.
enableCompileCache(
  fileURLToPath(new URL("../../../node_modules/.cache/local-notion", import.meta.url)),
);
const { runCommand } = await import("./command.ts");
await runCommand(process.argv.slice(2));
// Now, as a process that is killed writes nothing at its end.
flushCompileCache();
