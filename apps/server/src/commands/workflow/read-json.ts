import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UsageError } from "../usage.ts";

/** The JSON of a file; `-` is standard input. */
export async function readDocument(path: string): Promise<unknown> {
  const source = path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  return parseJson(source, "The file is not JSON.");
}

/** What an option was given: JSON, or `@` and the name of a file with JSON. */
export async function readOption(name: string, given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined;
  const source = given.startsWith("@") ? await readFile(given.slice(1), "utf8") : given;
  return parseJson(source, `--${name} is not JSON. A file with JSON is named with @ before it.`);
}

function parseJson(source: string, fault: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new UsageError(fault, { cause });
  }
}
