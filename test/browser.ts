import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Starts a headless Chromium: the machine's own, else the one that the tests' dependencies carry. */
export async function launchBrowser(args: string[] = []): Promise<Browser> {
  const own = findChromium();
  if (own) {
    return chromium.launch({ executablePath: own, args: [...quietArgs, ...args] });
  }
  const bundled = await bundledChromium();
  try {
    return await chromium.launch({
      executablePath: bundled.executablePath,
      args: [...bundled.args, ...quietArgs, ...args],
      env: { ...process.env, LD_LIBRARY_PATH: bundled.libraryPath },
    });
  } catch (cause) {
    throw new Error(noBrowser, { cause });
  }
}

/** Path of a Chromium, Chrome or Edge of this machine, or undefined. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH names "${named}", which is not an executable file.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(
    isExecutable,
  );
}

/**
 * Makes sure that {@link launchBrowser} will find a browser: called once before all tests.
 * Installs Debian's Chromium where that is possible without asking (root, apt-get, no browser yet),
 * else unpacks the one that the dependencies carry, which test files must not do at once.
 */
export async function ensureChromium(): Promise<void> {
  if (findChromium()) return;
  installChromium();
  if (!findChromium()) await bundledChromium();
}

function installChromium(): void {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return;
  console.log("No Chromium found: installing Debian's with apt-get …");
  spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
  spawnSync("apt-get", ["install", "-y", "-qq", "chromium"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

const quietArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const noBrowser =
  "The browser tests found no browser that runs here. Install Chromium or Chrome " +
  "(Debian: apt-get install chromium), or name one in CHROMIUM_PATH.";

/** Linux x64 only: a Chromium in an npm package, with the shared libraries a bare machine lacks. */
async function bundledChromium() {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error(noBrowser);
  const { default: bundled, inflate } = await import("@sparticuz/chromium");
  const packageFolder = join(import.meta.dirname, "../node_modules/@sparticuz/chromium/bin");
  const libraries = await inflate(join(packageFolder, "al2023.tar.br"));
  return {
    executablePath: await bundled.executablePath(),
    args: bundled.args,
    libraryPath: join(libraries, "lib"),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
