import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Frame, FrameLocator, Page } from "playwright-core";
import { startStubHost } from "./stub-host.ts";
import { startStubProvider, startStubTenon } from "./stub-tenon.ts";
import { StubWorld } from "./stub-world.ts";

/** A customer's page open in a browser, the portal in it, and a server and a provider behind. */
export interface Scene extends AsyncDisposable {
  world: StubWorld;
  page: Page;
  portal: FrameLocator;
  /** What the browser complained about: policy violations, errors. */
  complaints: string[];
  tenonUrl: string;
  /** Clicks a button of the portal and answers the window that opens. */
  clickToSignIn(button: string): Promise<Page>;
  open(options?: Record<string, unknown>): Promise<void>;
  events(): Promise<string[]>;
  /** Forgets everything, prepares the world, and loads the customer's page. */
  start(prepare?: (world: StubWorld) => void): Promise<void>;
}

/** What differs from the usual scene. */
export interface Setting {
  hostHeaders?: Record<string, string>;
  /** Time can be moved on with `page.clock`. */
  hasClock?: boolean;
  /** Runs before any script in every page and frame. */
  initScript?(): void;
}

interface Stage {
  browser: Browser;
  /** The built portal. */
  dist: string;
}

/**
 * The scenes of a test file. Those in the usual setting are used again, one after the other: a new
 * one costs a second or two of processor time, most of it for the browser's processes.
 */
export class Scenes {
  readonly #stage: Stage;
  readonly #all: Scene[] = [];
  readonly #free: Scene[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Plays a scene. One that failed is not used again: who knows what it left behind. */
  async play<T>(setting: Setting | undefined, act: (scene: Scene) => Promise<T>): Promise<T> {
    const scene = (!setting && this.#free.pop()) || (await this.#open(setting ?? {}));
    const result = await act(scene);
    if (!setting) this.#free.push(scene);
    return result;
  }

  async #open(setting: Setting): Promise<Scene> {
    const scene = await openScene(this.#stage, setting);
    this.#all.push(scene);
    return scene;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((scene) => scene[Symbol.asyncDispose]()));
  }
}

export async function openScene({ browser, dist }: Stage, setting: Setting): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const world = new StubWorld();
  const provider = stack.use(await startStubProvider());
  const tenon = stack.use(await startStubTenon(world, dist, `http://127.0.0.1:${provider.port}`));
  // Another host name, so that the portal is a stranger to the page: another site, not just origin.
  const tenonUrl = `http://localhost:${tenon.port}`;
  const host = stack.use(await startStubHost(tenonUrl, setting.hostHeaders));
  const context = await browser.newContext({
    reducedMotion: "reduce",
    viewport: { width: 1120, height: 800 },
  });
  stack.defer(() => context.close());
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  if (setting.initScript) await context.addInitScript(setting.initScript);
  if (setting.hasClock) await context.clock.install();
  const page = await context.newPage();
  const portal = page.frameLocator("#paragon-connect-frame");
  const scope = stack.move();
  return {
    world,
    page,
    portal,
    complaints,
    tenonUrl,
    async clickToSignIn(button) {
      const [popup] = await Promise.all([
        page.waitForEvent("popup"),
        portal.getByRole("button", { name: button, exact: true }).click(),
      ]);
      return popup;
    },
    async open(options = {}) {
      await page.evaluate((given) => Object.assign(window, { options: given }), options);
      await page.click("#connect");
      await portal.getByRole("dialog").waitFor();
    },
    events: () => page.evaluate("events"),
    async start(prepare) {
      const others = context.pages().filter((one) => one !== page);
      await Promise.all(others.map((popup) => popup.close()));
      Object.assign(world, new StubWorld());
      prepare?.(world);
      complaints.length = 0;
      await page.goto(`http://127.0.0.1:${host.port}/elsewhere`);
      await page.evaluate("localStorage.clear()");
      await page.goto(`http://127.0.0.1:${host.port}/`);
      await page.evaluate("ready");
    },
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  };
}

/** Accessibility faults of the portal as it stands, in light and dark, and at 320 px of width. */
export async function findFaults({ page, portal }: Scene): Promise<string[]> {
  const frame = await portal
    .owner()
    .elementHandle()
    .then((element) => element?.contentFrame());
  if (!frame) throw new Error("The page has no portal.");
  const faults = await findAxeFaults(page, frame);
  const size = page.viewportSize() ?? { width: 1120, height: 800 };
  await page.setViewportSize({ width: 320, height: 640 });
  faults.push(...(await frame.locator("body").evaluate(findOverflow)));
  await page.setViewportSize(size);
  return faults;
}

/** Accessibility faults of a document in light and dark. */
export async function findAxeFaults(
  page: Page,
  frame: Frame = page.mainFrame(),
): Promise<string[]> {
  const faults: string[] = [];
  await frame.evaluate(axeSource);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await frame.evaluate<AxeResults>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    for (const { id, nodes } of violations) {
      faults.push(
        ...nodes.map((node) => `${colorScheme}: ${id}: ${node.html}: ${node.failureSummary}`),
      );
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  return faults;
}

type AxeResults = Awaited<ReturnType<AxeBuilder["analyze"]>>;

/** Run by itself: AxeBuilder opens a page for every analysis, which takes seconds. */
const axeSource = readFileSync(
  createRequire(import.meta.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** Runs in the page: what is cut off at the sides. */
function findOverflow(body: HTMLElement): string[] {
  return [...body.querySelectorAll<HTMLElement>(".card *, .question *")]
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return (
        width > 0 &&
        (left < 0 ||
          right > innerWidth + 0.5 ||
          (element.scrollWidth > element.clientWidth + 1 &&
            getComputedStyle(element).display !== "inline" &&
            element.tagName !== "svg"))
      );
    })
    .map((element) => `320 px: ${element.outerHTML.slice(0, 120)} is wider than the screen`);
}
