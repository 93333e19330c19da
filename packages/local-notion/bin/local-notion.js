#!/usr/bin/env node
// In the package as published the sources are compiled; in the repository Node runs them as they are.
import { existsSync } from "node:fs";

const compiled = new URL("../lib/main.js", import.meta.url);
await import(existsSync(compiled) ? compiled : new URL("../src/main.ts", import.meta.url));
