import { describe, expect, test } from "vitest";
import type { PopupPage } from "./popup-page.ts";
import { renderPopupPage } from "./render-popup-page.ts";

const hostile = `</script><img src=x onerror="alert(1)"> & 'quoted'`;

const pages: PopupPage[] = [
  {
    kind: "opening",
    openerOrigin: "https://app.example.com",
    project: hostile,
    integration: { type: hostile, title: hostile },
  },
  {
    kind: "confirm",
    openerOrigin: "https://app.example.com",
    project: hostile,
    integration: { type: hostile, title: hostile },
  },
  { kind: "connected", project: hostile, integration: { type: hostile, title: hostile } },
  { kind: "denied", message: hostile, nextMove: hostile, requestId: hostile },
  {
    kind: "failed",
    message: hostile,
    nextMove: hostile,
    requestId: hostile,
    integration: { type: hostile, title: hostile },
    report: {
      openerOrigin: "https://app.example.com",
      error: hostile,
      errorResponse: { message: hostile, nested: { text: hostile } },
      integrationId: hostile,
    },
  },
];

describe("renderPopupPage", () => {
  test.each(pages)("$kind: no value becomes markup", (page) => {
    const html = renderPopupPage(page);
    expect(html).not.toContain("<img src=x");
    expect(html).not.toMatch(/<[^>]*\bon\w+=/);
    // Two script elements of ours, each ended once.
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  test.each(pages)("$kind: runs under a policy without inline script or style", (page) => {
    const html = renderPopupPage(page);
    expect(html).not.toMatch(/<style|style=|href="(?!\/)|src="(?!\/)/);
    expect(html).toContain(`src="/portal-assets/popup.js"`);
    expect(html).toContain(`href="/portal-assets/popup.css"`);
  });

  test("the values reach the page's script as they were", () => {
    const page = pages[4];
    if (page?.kind !== "failed") throw new Error("not the failed page");
    const json = /id="task">(.*?)<\/script>/.exec(renderPopupPage(page))?.[1] ?? "";
    expect(JSON.parse(json)).toEqual({ kind: "report", report: page.report });
  });

  test("names who asks: the product and the host of its page", () => {
    const html = renderPopupPage({
      kind: "confirm",
      openerOrigin: "https://app.example.com:8443",
      project: "Lumen",
      integration: { type: "notion", title: "Notion" },
    });
    expect(html).toContain("Connect Notion to Lumen?");
    expect(html).toContain("Lumen (app.example.com:8443)");
  });

  test("a failure names what happened, what to do and the request", () => {
    const html = renderPopupPage({
      kind: "failed",
      message: "The sign-in is not known.",
      nextMove: "Close this window and connect again.",
      requestId: "0198-77",
    });
    for (const words of ["The sign-in is not known.", "Close this window and", "Request 0198-77"]) {
      expect(html).toContain(words);
    }
  });
});
