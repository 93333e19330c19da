import "./popup.css";
import type { PopupTask } from "./popup-page.ts";

/** After this long the page that opened the window has probably failed to get the provider's URL. */
const slowAfterMs = 12_000;
/** By then a window that may close itself has done so. */
const closedAfterMs = 1000;

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-action]")) {
  button.addEventListener("click", () => {
    if (button.dataset["action"] === "continue") carryOut(readTask(), true);
    else window.close();
  });
}
carryOut(readTask(), false);

/** Written by our server into this very document, so its shape is known. */
function readTask(): PopupTask {
  return JSON.parse(document.getElementById("task")?.textContent ?? "") as PopupTask;
}

function carryOut(task: PopupTask, isClicked: boolean): void {
  switch (task.kind) {
    case "announce":
      return announce(task.openerOrigin);
    case "announce-after-click":
      return isClicked ? announce(task.openerOrigin) : undefined;
    case "close":
      window.close();
      setTimeout(() => show("done"), closedAfterMs);
      return;
    case "report":
      return report(task);
  }
}

/** The SDK answers this by sending the window to the provider. */
function announce(openerOrigin: string): void {
  show("confirm", false);
  if (!isReachable()) {
    show("opening", false);
    show("lost");
    console.error(
      "window.opener is missing. If the page that opened this window sends the header " +
        "Cross-Origin-Opener-Policy: same-origin, change it to same-origin-allow-popups.",
    );
    return;
  }
  show("opening");
  post({ type: "oauth-nonce-loaded" }, openerOrigin);
  setTimeout(() => show("slow"), slowAfterMs);
}

function report({ report }: Extract<PopupTask, { kind: "report" }>): void {
  if (!report || !isReachable()) return;
  const { openerOrigin, error, errorResponse, integrationId } = report;
  post({ type: "oauth_error_callback", error, errorResponse, integrationId }, openerOrigin);
}

function post(message: unknown, origin: string): void {
  (window.opener as Window).postMessage(message, origin);
}

/** A provider or a page with its own opener policy cuts the window off. */
function isReachable(): boolean {
  const opener = window.opener as Window | null;
  return opener !== null && !opener.closed;
}

function show(id: string, isShown = true): void {
  const element = document.getElementById(id);
  if (element) element.hidden = !isShown;
}
