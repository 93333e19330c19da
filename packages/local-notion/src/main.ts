import { enableCompileCache } from "node:module";

// Before everything else is loaded: from the second start on, nothing is compiled again.
enableCompileCache();
const { runCommand } = await import("./command.ts");
await runCommand(process.argv.slice(2));
