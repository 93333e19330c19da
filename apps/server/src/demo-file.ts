import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** What `demo.json` holds: all that a developer, a script or a test needs to use the demo project. */
export const Demo = z.object({
  url: z.url(),
  localNotionUrl: z.url(),
  exampleUrl: z.url(),
  projectId: z.uuid(),
  signingKeyId: z.uuid(),
  /** The private signing key, PKCS #8 in PEM, readable by its owner only. */
  signingKeyFile: z.string(),
  apiKey: z.string(),
});
export type Demo = z.output<typeof Demo>;

/** Reads `demo.json` of a data folder; undefined where there is none. */
export async function readDemo(dataDir: string): Promise<Demo | undefined> {
  const text = await readFile(demoFile(dataDir), "utf8").catch(ifMissing);
  return text === undefined ? undefined : Demo.parse(JSON.parse(text));
}

export function demoFile(dataDir: string): string {
  return join(dataDir, "demo.json");
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
