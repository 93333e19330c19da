import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as z from "zod";

const root = resolve(import.meta.dirname, "../../..");

/** A page that Vite builds: where its package is, its Vite root, and where the result goes. */
interface FrontEnd {
  title: string;
  folder: string;
  viteRoot: string;
  sources: string[];
}

const frontEnds: FrontEnd[] = [
  {
    title: "Connect Portal",
    folder: join(root, "apps/portal"),
    viteRoot: "apps/portal",
    sources: ["index.html", "vite.config.ts", "src"],
  },
  {
    title: "Local Notion's page",
    folder: join(root, "packages/local-notion"),
    viteRoot: "packages/local-notion/web",
    sources: ["web", "src/webhooks/event.ts", "src/api/version.ts"],
  },
  {
    title: "example",
    folder: join(root, "apps/example"),
    viteRoot: "apps/example",
    sources: ["index.html", "vite.config.ts", "src", "public"],
  },
];

/**
 * Builds the front ends whose sources are newer than their last build, one after the other.
 *
 * - A build that failed or was interrupted is made again: the mark is written last.
 */
export async function buildFrontEnds(onProgress: (message: string) => void): Promise<void> {
  for (const frontEnd of frontEnds) {
    if (await isFresh(frontEnd)) continue;
    onProgress(`Building the ${frontEnd.title} …`);
    await runVite(frontEnd);
    await mark(frontEnd);
  }
}

/** Where a front end's built files are, for serving them. */
export const portalFolder = join(root, "apps/portal/dist");

function markFile(frontEnd: FrontEnd): string {
  return join(frontEnd.folder, "dist/.built");
}

async function mark(frontEnd: FrontEnd): Promise<void> {
  await mkdir(join(frontEnd.folder, "dist"), { recursive: true });
  await writeFile(markFile(frontEnd), "");
  const now = new Date();
  await utimes(markFile(frontEnd), now, now);
}

async function isFresh(frontEnd: FrontEnd): Promise<boolean> {
  if (!existsSync(markFile(frontEnd))) return false;
  const built = (await stat(markFile(frontEnd))).mtimeMs;
  const newest = await Promise.all(
    frontEnd.sources.map((source) => newestChange(join(frontEnd.folder, source))),
  );
  return Math.max(...newest) <= built;
}

async function newestChange(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const inside = await Promise.all(
    (await readdir(path)).map((name) => newestChange(join(path, name))),
  );
  return Math.max(info.mtimeMs, ...inside);
}

async function runVite(frontEnd: FrontEnd): Promise<void> {
  const child = spawn(
    process.execPath,
    [await findVite(frontEnd), "build", "--logLevel", "error", join(root, frontEnd.viteRoot)],
    {
      cwd: frontEnd.folder,
      stdio: ["ignore", "inherit", "inherit"],
      // Else React would be built for development, or for tests.
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("exit", done);
  });
  if (code !== 0) throw new Error(`Building the ${frontEnd.title} failed; Vite's words are above.`);
}

const VitePackage = z.object({ bin: z.object({ vite: z.string() }) });

async function findVite({ title, folder }: FrontEnd): Promise<string> {
  let packageFile: string;
  try {
    packageFile = createRequire(join(folder, "package.json")).resolve("vite/package.json");
  } catch (cause) {
    throw new Error(`The ${title} is not built and Vite is not installed. Run \`npm ci\`.`, {
      cause,
    });
  }
  const { bin } = VitePackage.parse(JSON.parse(await readFile(packageFile, "utf8")));
  return resolve(packageFile, "..", bin.vite);
}
