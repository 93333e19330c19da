import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { SignJWT, importPKCS8 } from "jose";
import { readConfig } from "../config.ts";
import { readDemo } from "../demo-file.ts";
import { UsageError } from "./usage.ts";

/** `tenon token`: prints a user token of the demo project, or of another with its key. */
export async function token(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "string" },
      project: { type: "string" },
      key: { type: "string" },
      ttl: { type: "string", default: "1h" },
    },
  });
  if (!values.user) throw new UsageError("Name the user: tenon token --user <id>.");
  if (!/^\d+ ?(s|m|h|d)$/.test(values.ttl)) {
    throw new UsageError(`--ttl "${values.ttl}" is no duration. Use 30s, 15m, 1h or 7d.`);
  }
  const { projectId, keyFile } = await findSigner(values);
  const signed = await new SignJWT()
    .setProtectedHeader({ alg: "RS256" })
    .setSubject(values.user)
    .setAudience(projectId)
    .setIssuedAt()
    .setExpirationTime(values.ttl)
    .sign(await importPKCS8(await readFile(keyFile, "utf8"), "RS256"));
  console.log(signed);
}

async function findSigner(values: { project?: string; key?: string }) {
  if (values.project && values.key) return { projectId: values.project, keyFile: values.key };
  const demo = await readDemo(readConfig().dataDir);
  if (!demo) {
    throw new UsageError(
      "There is no demo project in this data folder. Start Tenon once, or name --project and --key <private key file>.",
    );
  }
  if (values.project !== undefined && values.project !== demo.projectId) {
    throw new UsageError(
      `Tenon keeps no private key of project ${values.project}. Name yours: --key <private key file>.`,
    );
  }
  return { projectId: demo.projectId, keyFile: values.key ?? demo.signingKeyFile };
}
