import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launchBrowser } from "../../test/browser.ts";
import { findAxeFaults, findFaults, type Scene, Scenes, type Setting } from "./testing/scene.ts";
import type { StubWorld } from "./testing/stub-world.ts";

// Most of a scene is waiting for the SDK, which polls by the second.
vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 });

let browser: Browser;
let dist: string;
let scenes: Scenes;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "portal-"));
  vi.stubEnv("NODE_ENV", "production");
  await build({
    configFile: join(import.meta.dirname, "vite.config.ts"),
    logLevel: "error",
    build: { outDir: dist },
  });
  vi.unstubAllEnvs();
  browser = await launchBrowser();
  scenes = new Scenes({ browser, dist });
});

afterAll(async () => {
  await scenes?.[Symbol.asyncDispose]();
  await browser?.close();
  await rm(dist, { recursive: true, force: true });
});

/** Plays a scene and holds it to: no complaint of the browser but the expected ones. */
function play(
  { prepare, expected = [], setting }: Play,
  act: (scene: Scene) => Promise<void>,
): Promise<void> {
  return scenes.play(setting, async (scene) => {
    await scene.start(prepare);
    await act(scene);
    const complaints = scene.complaints.filter((text) => !expected.some((one) => one.test(text)));
    expect(complaints).toEqual([]);
  });
}

interface Play {
  prepare?(world: StubWorld): void;
  /** Complaints that belong to the scene. */
  expected?: RegExp[];
  setting?: Setting;
}

/** Retries for as long as a busy machine may take. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const button = ({ portal }: Scene, name: string) =>
  portal.getByRole("button", { name, exact: true });
const dialog = ({ portal }: Scene) => portal.getByRole("dialog");
const isFrameShown = ({ page }: Scene) => page.locator("#paragon-connect-frame").isVisible();

async function expectHidden(scene: Scene): Promise<void> {
  await eventually(() => isFrameShown(scene)).toBe(false);
}

const allow = (popup: Page) => popup.getByText("allow").click();
const deny = (popup: Page) => popup.getByText("deny").click();

/** The SDK logs every failed sign-in. */
const sdkFailure = /Failed to connect account/;

describe("built portal", () => {
  test("keeps to its budgets and to files of its own", async () => {
    const sizes = { ".js": 0, ".css": 0 };
    for (const name of await readdir(dist)) {
      const extension = name.slice(name.lastIndexOf("."));
      if (extension !== ".js" && extension !== ".css") continue;
      if (!name.startsWith("popup"))
        sizes[extension] += gzipSync(await readFile(join(dist, name))).length;
    }
    expect(sizes[".js"]).toBeLessThan(140_000);
    expect(sizes[".css"]).toBeLessThan(5_000);
    const html = await readFile(join(dist, "index.html"), "utf8");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src="\/portal-assets\/)/);
    expect(await readdir(dist)).toEqual(expect.arrayContaining(["popup.js", "popup.css"]));
  });
});

describe.concurrent("connecting", () => {
  test("a user connects an account, and the page around learns it once", () =>
    play({}, async (scene) => {
      await scene.open();
      await dialog(scene).getByRole("heading", { name: "Connect Notion to Lumen" }).waitFor();
      expect(await findFaults(scene)).toEqual([]);

      const popup = await scene.clickToSignIn("Connect Notion");
      await dialog(scene).getByText("Finish in the window we opened.").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      const closed = popup.waitForEvent("close");
      await allow(popup);
      await closed;

      await dialog(scene).getByText("Notion is connected").waitFor();
      await dialog(scene).getByText("Lumen can now use Acme HQ.").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      expect(await scene.page.evaluate("result")).toEqual({
        credentialId: scene.world.credentials[0]?.id,
      });
      await button(scene, "Done").click();
      await expectHidden(scene);
      expect(await scene.events()).toEqual([
        "onPortalOpen",
        "onIntegrationInstall",
        "onPortalClose",
      ]);
    }));

  test("the options of connect() reach the sign-in", () =>
    play({}, async (scene) => {
      await scene.open({ externalId: "hq", allowMultipleCredentials: true });
      await allow(await scene.clickToSignIn("Connect Notion"));
      await dialog(scene).getByText("Notion is connected").waitFor();
      expect(scene.world.authorizations[0]?.installOptions).toEqual({
        externalId: "hq",
        allowMultipleCredentials: true,
      });
    }));

  test("a user who shares nothing is told so, and can try again", () =>
    play({ expected: [sdkFailure] }, async (scene) => {
      await scene.open();
      const popup = await scene.clickToSignIn("Connect Notion");
      await deny(popup);
      await popup.getByRole("heading", { name: "Nothing was connected" }).waitFor();
      await dialog(scene).getByText("You chose not to share anything with Lumen.").waitFor();
      expect(await findFaults(scene)).toEqual([]);

      await allow(await scene.clickToSignIn("Try again"));
      await dialog(scene).getByText("Notion is connected").waitFor();
    }));

  test("a failure is told in the server's words, in the portal and in the window", () =>
    play(
      { prepare: (world) => (world.exchange = "fails"), expected: [sdkFailure] },
      async (scene) => {
        await scene.open();
        const popup = await scene.clickToSignIn("Connect Notion");
        await allow(popup);
        const reason = "Notion did not accept the Client ID of this integration.";
        await dialog(scene).getByText("Notion could not be connected").waitFor();
        await dialog(scene).getByText(reason).waitFor();
        expect(await findFaults(scene)).toEqual([]);
        await popup.getByText(reason).waitFor();
        const closed = popup.waitForEvent("close");
        await popup.getByRole("button", { name: "Close" }).click();
        await closed;
      },
    ));

  test("an error that only the SDK learnt is shown as well", () =>
    play({ expected: [sdkFailure] }, async (scene) => {
      await scene.open();
      await scene.clickToSignIn("Connect Notion");
      await scene.page.evaluate(() =>
        window.postMessage(
          {
            type: "oauth_error_callback",
            error: "refused",
            errorResponse: { message: "Notion is being maintained.", code: "x" },
          },
          location.origin,
        ),
      );
      await dialog(scene).getByText("Notion is being maintained.").waitFor();
    }));

  test("a window that the browser refused is explained and can be opened again", () =>
    play({ expected: [/Popup was blocked/] }, async (scene) => {
      await scene.open();
      await scene.page.evaluate("window.realOpen = window.open; window.open = () => null");
      await button(scene, "Connect Notion").click();
      await dialog(scene).getByText("Your browser did not open the window").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      await scene.page.evaluate("window.open = window.realOpen");
      await allow(await scene.clickToSignIn("Open it again"));
      await dialog(scene).getByText("Notion is connected").waitFor();
    }));

  test("a double click opens one window and waits for it", () =>
    play({}, async (scene) => {
      await scene.open();
      await button(scene, "Connect Notion").dblclick({ position: { x: 30, y: 20 } });
      await button(scene, "Cancel").waitFor();
      await button(scene, "Cancel").click();
      await button(scene, "Connect Notion").dblclick();
      await dialog(scene).getByText("Finish in the window we opened.").waitFor();
      await eventually(() => scene.world.authorizations.length).toBe(2);
    }));

  test("waiting can be given up; a window finished later still counts", () =>
    play({}, async (scene) => {
      await scene.open();
      const popup = await scene.clickToSignIn("Connect Notion");
      await button(scene, "Cancel").click();
      await button(scene, "Connect Notion").waitFor();
      await allow(popup);
      await dialog(scene).getByText("Acme HQ").waitFor();
    }));

  test("the server still at work is told apart from waiting for the user", () =>
    play({ prepare: (world) => (world.exchange = "hangs") }, async (scene) => {
      await scene.open();
      await allow(await scene.clickToSignIn("Connect Notion"));
      await dialog(scene).getByText("Almost done").waitFor();
    }));

  test("a window that shows nothing gets a hint, and the wait an end", () =>
    play(
      {
        setting: { hasClock: true },
        prepare: (world) => (world.isBuildRefused = true),
        expected: [/409/, /Build Oauth URL fetch failure/],
      },
      async (scene) => {
        await scene.open();
        await scene.clickToSignIn("Connect Notion");
        await scene.page.clock.fastForward(11_000);
        await dialog(scene).getByText("If the window shows nothing").waitFor();
        await scene.page.clock.fastForward(601_000);
        await dialog(scene).getByText("The sign-in took too long").waitFor();
        expect(await findFaults(scene)).toEqual([]);
      },
    ));

  test("where the SDK does not learn of the account, it is made to look", () =>
    play(
      { setting: { hasClock: true }, prepare: (world) => (world.isSessionSilent = true) },
      async (scene) => {
        await scene.open();
        await allow(await scene.clickToSignIn("Connect Notion"));
        await dialog(scene).getByText("Almost done").waitFor();
        await scene.page.clock.fastForward(5_000);
        await dialog(scene).getByText("Lumen can now use Acme HQ.").waitFor();
      },
    ));
});

describe.concurrent("accounts", () => {
  test("an account that is no longer accepted is explained and reconnected", () =>
    play({ prepare: (world) => world.addCredential({ status: "INVALID" }) }, async (scene) => {
      await scene.open();
      await dialog(scene).getByText("Notion no longer accepts this connection").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      const [account] = scene.world.credentials;
      await allow(await scene.clickToSignIn("Reconnect Acme HQ"));
      await dialog(scene).getByText("Lumen can now use Acme HQ.").waitFor();
      const { installOptions } = scene.world.authorizations[0] ?? {};
      expect(installOptions).toEqual({ selectedCredentialId: account?.id });
      expect(scene.world.credentials).toEqual([{ ...account, status: "VALID" }]);
    }));

  test("an accepted account can be signed in again", () =>
    play({ prepare: (world) => world.addCredential() }, async (scene) => {
      await scene.open();
      await scene.portal.getByRole("tab", { name: "Configuration" }).click();
      await allow(await scene.clickToSignIn("Reconnect Acme HQ"));
      await dialog(scene).getByText("Notion is connected").waitFor();
    }));

  test("several accounts stand side by side, and another is added only where allowed", () =>
    play({ prepare: (world) => world.addCredential() }, async (scene) => {
      await scene.open();
      await scene.portal.getByRole("tab", { name: "Configuration" }).click();
      expect(await button(scene, "Connect another account").count()).toBe(0);
      await button(scene, "Close").click();
      await expectHidden(scene);

      scene.world.workspaceName = "Second wiki";
      await scene.open({ allowMultipleCredentials: true });
      await scene.portal.getByRole("tab", { name: "Configuration" }).click();
      expect(await findFaults(scene)).toEqual([]);
      await allow(await scene.clickToSignIn("Connect another account"));
      await dialog(scene).getByText("Lumen can now use Second wiki.").waitFor();
      await button(scene, "Done").click();
      await expectHidden(scene);

      await scene.open();
      expect(await dialog(scene).getByRole("listitem").allInnerTexts()).toEqual(
        expect.arrayContaining([
          expect.stringContaining("Acme HQ"),
          expect.stringContaining("Second wiki"),
        ]),
      );
    }));

  test("disconnecting asks first, tells the result and fires the SDK's event", () =>
    play({ prepare: (world) => world.addCredential() }, async (scene) => {
      await scene.open();
      await scene.portal.getByRole("tab", { name: "Configuration" }).click();
      await button(scene, "Disconnect Acme HQ").click();
      const question = scene.portal.getByRole("alertdialog");
      await question.getByText("Disconnect Acme HQ?").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      await scene.page.keyboard.press("Escape");
      await question.waitFor({ state: "hidden" });
      expect(scene.world.credentials).toHaveLength(1);

      await button(scene, "Disconnect Acme HQ").click();
      await button(scene, "Disconnect").click();
      await dialog(scene).getByText("Acme HQ was disconnected.").waitFor();
      await button(scene, "Connect Notion").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      expect(await scene.events()).toEqual(["onPortalOpen", "onIntegrationUninstall"]);
      expect(await scene.page.evaluate("paragon.getUser().integrations.notion.enabled")).toBe(
        false,
      );
    }));

  test("an account whose access the provider did not withdraw is said to be so", () =>
    play(
      {
        prepare(world) {
          world.addCredential();
          world.addCredential({ workspaceName: "Second wiki" });
          world.revocation = "fails";
        },
      },
      async (scene) => {
        const chosen = scene.world.credentials[1]?.id;
        await scene.open({ selectedCredentialId: chosen });
        await scene.portal.getByRole("tab", { name: "Configuration" }).click();
        await button(scene, "Disconnect Second wiki").click();
        await button(scene, "Disconnect").click();
        await dialog(scene).getByText("Second wiki was disconnected here only").waitFor();
        await dialog(scene).getByText("Notion answered 500.").waitFor();
        expect(await findFaults(scene)).toEqual([]);
        expect(await dialog(scene).getByRole("listitem").count()).toBe(1);
      },
    ));

  test("a refused disconnect leaves the account and says why", () =>
    play(
      {
        prepare(world) {
          world.addCredential();
          world.revocation = "refuses";
        },
        expected: [/503/],
      },
      async (scene) => {
        await scene.open();
        await scene.portal.getByRole("tab", { name: "Configuration" }).click();
        await button(scene, "Disconnect Acme HQ").click();
        await button(scene, "Disconnect").click();
        await dialog(scene).getByText("Acme HQ could not be disconnected").waitFor();
        await dialog(scene).getByText("Tenon cannot reach its database").waitFor();
        expect(await findFaults(scene)).toEqual([]);
        expect(await scene.events()).toEqual(["onPortalOpen"]);
      },
    ));

  test("a user who is signed out meanwhile is told", () =>
    play({ prepare: (world) => world.addCredential() }, async (scene) => {
      await scene.open();
      await scene.page.evaluate("paragon.logout()");
      await dialog(scene).getByText("You have been signed out").waitFor();
      expect(await findFaults(scene)).toEqual([]);
      await dialog(scene).getByRole("button", { name: "Close" }).last().click();
      await expectHidden(scene);
    }));
});

describe.concurrent("dialog", () => {
  test("Escape, the close button and a click beside the card close it", () =>
    play({}, async (scene) => {
      await scene.open();
      await scene.page.keyboard.press("Escape");
      await expectHidden(scene);
      await scene.open();
      await button(scene, "Close").click();
      await expectHidden(scene);
      await scene.open();
      // On a busy machine the first click may come before the dialog listens for it.
      const clickBeside = async () => {
        if (await isFrameShown(scene)) await scene.page.mouse.click(20, 20);
        return isFrameShown(scene);
      };
      await eventually(clickBeside).toBe(false);
      const closes = (await scene.events()).filter((name) => name === "onPortalClose");
      expect(closes).toHaveLength(3);
    }));

  test("works by keyboard alone, keeps the focus inside and gives it back", () =>
    play({ prepare: (world) => world.addCredential() }, async ({ page, ...scene }) => {
      await page.focus("#connect");
      await page.keyboard.press("Enter");
      await dialog({ page, ...scene }).waitFor();
      const focused = () =>
        scene.portal.locator("*:focus").evaluate((element) => element.textContent ?? "");
      await eventually(focused).toContain("Overview");
      const visited = new Set<string>();
      for (let press = 0; press < 12; press += 1) {
        await page.keyboard.press("Tab");
        visited.add(await focused());
      }
      expect([...visited]).toEqual(expect.arrayContaining(["Overview", "how it works", "Done"]));
      expect(await page.evaluate("document.activeElement.id")).toBe("paragon-connect-frame");

      await scene.portal.getByRole("tab", { name: "Overview" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await scene.portal.getByRole("alertdialog").waitFor();
      expect(await focused()).toBe("Cancel");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await eventually(focused).toContain("Acme HQ was disconnected.");

      await page.keyboard.press("Escape");
      await expectHidden({ page, ...scene });
      // The page has the keyboard again, where it was before.
      expect(await page.evaluate("document.activeElement.tagName")).toBe("BODY");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe("after");
    }));

  test("the focus follows from view to view", () =>
    play({}, async (scene) => {
      await scene.open();
      const focused = () =>
        scene.portal
          .locator("*:focus")
          .evaluate(({ tagName, textContent }) => `${tagName} ${textContent}`);
      await scene.clickToSignIn("Connect Notion");
      await eventually(focused).toMatch(/^SECTION.*Finish in the window/);
      await button(scene, "Cancel").click();
      await eventually(focused).toBe("BUTTON Connect Notion");
      await allow(await scene.clickToSignIn("Connect Notion"));
      await eventually(focused).toMatch(/^SECTION.*Notion is connected/);
    }));

  test("fades in and out, but not for users who want less motion", () =>
    play({}, async (scene) => {
      const fade = async (reducedMotion: "reduce" | "no-preference") => {
        await scene.page.emulateMedia({ reducedMotion });
        await scene.open();
        const duration = await dialog(scene).evaluate(
          (element) => getComputedStyle(element).transitionDuration,
        );
        await button(scene, "Close").click();
        await expectHidden(scene);
        return duration;
      };
      expect(await fade("no-preference")).toContain("0.18s");
      expect(await fade("reduce")).toBe("0s");
    }));

  test.each(["#ffffff", "#000000", "#ffff00"])(
    "the accent %s is legible in light and dark",
    (accentColor) =>
      play(
        {
          prepare(world) {
            world.accentColor = accentColor;
            world.addCredential({ status: "INVALID" });
          },
        },
        async (scene) => {
          await scene.open();
          expect(await findFaults(scene)).toEqual([]);
        },
      ),
  );

  test("fills a phone's screen", () =>
    play({}, async (scene) => {
      const size = scene.page.viewportSize() ?? { width: 0, height: 0 };
      await scene.page.setViewportSize({ width: 390, height: 780 });
      await scene.open();
      expect(await dialog(scene).boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
      await scene.page.setViewportSize(size);
    }));

  test("texts of any length and language stay inside", () =>
    play(
      {
        prepare(world) {
          world.projectTitle = "Gesellschaft für außergewöhnlichlangeUnternehmensbezeichnungen";
          world.description = "صفحاتك وقواعد بياناتك في مكان واحد. ".repeat(8);
          world.overview = `${"Ein Satz. ".repeat(200)}\n\n\`${"x".repeat(200)}\``;
          world.addCredential({
            workspaceName: "W".repeat(120),
            userEmail: `${"e".repeat(90)}@a.b`,
          });
        },
      },
      async (scene) => {
        await scene.open({ allowMultipleCredentials: true });
        expect(await findFaults(scene)).toEqual([]);
        await scene.portal.getByRole("tab", { name: "Configuration" }).click();
        expect(await findFaults(scene)).toEqual([]);
      },
    ));
});

describe.concurrent("trust", () => {
  test("stays hidden on a page whose origin the project does not allow", () =>
    play(
      {
        prepare: (world) => (world.isAllowed = false),
        expected: [/not among the allowed origins/],
      },
      async (scene) => {
        await scene.page.click("#connect");
        await eventually(() => scene.complaints.join()).toContain("not among the allowed origins");
        // Time enough for a portal that would show: the SDK's answer takes milliseconds.
        await scene.page.waitForTimeout(300);
        expect(await isFrameShown(scene)).toBe(false);
        expect(await dialog(scene).count()).toBe(0);
        expect(await scene.events()).toEqual([]);
      },
    ));

  test("messages of other windows and frames have no effect", () =>
    play({}, async (scene) => {
      const { page, portal } = scene;
      // A frame of another origin beside the portal, and the portal's own window.
      await page.evaluate(
        (url) => {
          const frame = document.createElement("iframe");
          frame.id = "stranger";
          frame.src = url;
          document.body.append(frame);
        },
        scene.tenonUrl.replace("localhost", "127.0.0.1") + "/ui",
      );
      const stranger = page.frameLocator("#stranger").locator("body");
      const spoof = {
        messageType: "UI_UPDATE",
        nextContext: {
          user: { authenticated: true, token: "t", integrations: {} },
          projectId: "p",
        },
        nextModalState: { integration: { id: "i", type: "notion" } },
      };
      const show = () =>
        stranger.evaluate(
          (_, message) => window.parent.frames[0]?.postMessage(message, "*"),
          spoof,
        );
      await stranger.waitFor({ state: "attached" });
      await show();
      await portal
        .locator("body")
        .evaluate((_, message) => window.postMessage(message, "*"), spoof);

      await scene.open();
      const hide = { ...spoof, nextModalState: { integration: null } };
      await stranger.evaluate(
        (_, message) => window.parent.frames[0]?.postMessage(message, "*"),
        hide,
      );
      await portal.locator("body").evaluate((_, message) => window.postMessage(message, "*"), hide);
      await page.waitForTimeout(200);
      await button(scene, "Connect Notion").waitFor();
      expect(await scene.events()).toEqual(["onPortalOpen"]);
    }));

  test("touches no storage", async () => {
    const watch = () => {
      if (location.pathname !== "/ui") return;
      for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"]) {
        Object.defineProperty(window, name, {
          get: () => console.error(`The portal read ${name}.`),
        });
      }
    };
    await play(
      { setting: { initScript: watch }, prepare: (world) => world.addCredential() },
      async (scene) => {
        await scene.open();
        await scene.portal.getByRole("tab", { name: "Configuration" }).click();
        await allow(await scene.clickToSignIn("Reconnect Acme HQ"));
        await dialog(scene).getByText("Notion is connected").waitFor();
      },
    );
  });
});

describe.concurrent("API installation", () => {
  test("installIntegration() shows no portal", () =>
    play({}, async (scene) => {
      const popup = scene.page.waitForEvent("popup");
      await scene.page.evaluate(
        "void (installed = paragon.installIntegration('notion').then((event) => event.credentialId))",
      );
      await allow(await popup);
      expect(await scene.page.evaluate("installed")).toBe(scene.world.credentials[0]?.id);
      await scene.page.waitForTimeout(200);
      expect(await scene.events()).toEqual(["onIntegrationInstall"]);
      expect(await isFrameShown(scene)).toBe(false);
    }));

  test("installIntegration() with showPortalAfterInstall shows the result", () =>
    play({}, async (scene) => {
      const popup = scene.page.waitForEvent("popup");
      await scene.page.evaluate(
        "void paragon.installIntegration('notion', { showPortalAfterInstall: true })",
      );
      const window = await popup;
      expect(await isFrameShown(scene)).toBe(false);
      await allow(window);
      await dialog(scene).getByText("Notion is connected").waitFor();
      await button(scene, "Done").click();
      await expectHidden(scene);
    }));
});

describe.concurrent("sign-in window", () => {
  test("asks first where the browser does not say who opened it", () =>
    play({ setting: { hostHeaders: { "referrer-policy": "no-referrer" } } }, async (scene) => {
      await scene.open();
      const popup = await scene.clickToSignIn("Connect Notion");
      await popup.getByRole("heading", { name: "Connect Notion to Lumen?" }).waitFor();
      expect(await findAxeFaults(popup)).toEqual([]);
      await popup.getByRole("button", { name: "Continue" }).click();
      await allow(popup);
      await dialog(scene).getByText("Notion is connected").waitFor();
    }));

  test("says what to do where the page that opened it is out of reach", () =>
    play(
      {
        setting: { hostHeaders: { "cross-origin-opener-policy": "same-origin" } },
        expected: [/window.opener is missing/],
      },
      async (scene) => {
        await scene.open();
        const popup = await scene.clickToSignIn("Connect Notion");
        await popup.getByText("This window cannot go on").waitFor();
        expect(await findAxeFaults(popup)).toEqual([]);
      },
    ));

  test("says that it can be closed where it cannot close itself", () =>
    play({}, async ({ page, world, tenonUrl }) => {
      const { id } = world.begin({ key: "k", installOptions: {}, originForPostMessage: tenonUrl });
      await page.goto(`${tenonUrl}/oauth?state=${id}&decision=allow`);
      await page.getByText("You can close this window.").waitFor();
      expect(await findAxeFaults(page)).toEqual([]);
    }));
});
