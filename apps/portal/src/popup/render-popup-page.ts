import { type PopupMessages, popupEnglish } from "../messages/popup-english.ts";
import { escapeHtml, escapeScriptJson } from "./escape-html.ts";
import type { PopupIntegration, PopupPage, PopupTask } from "./popup-page.ts";

/**
 * The whole HTML document of a page of the sign-in window, to be served with
 * `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'`.
 * Every value is escaped: names and messages may come from a customer or a provider. Runs in Node
 * and knows no DOM; the page's script is /portal-assets/popup.js.
 */
export function renderPopupPage(page: PopupPage): string {
  const { title, body } = renderBody(page, popupEnglish);
  const icon = page.integration && escapeHtml(iconUrl(page.integration));
  return `<!doctype html>
<html lang="${escapeHtml(popupEnglish.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${icon === undefined ? "" : `<link rel="icon" href="${icon}">\n`}<link rel="stylesheet" href="/portal-assets/popup.css">
<script type="application/json" id="task">${escapeScriptJson(toTask(page))}</script>
<script type="module" src="/portal-assets/popup.js"></script>
</head>
<body>
<main>
${icon === undefined ? "" : `<img class="icon" src="${icon}" alt="" width="40" height="40">\n`}${body}
</main>
</body>
</html>
`;
}

function toTask(page: PopupPage): PopupTask {
  switch (page.kind) {
    case "opening":
      return { kind: "announce", openerOrigin: page.openerOrigin };
    case "confirm":
      return { kind: "announce-after-click", openerOrigin: page.openerOrigin };
    case "connected":
      return { kind: "close" };
    case "denied":
    case "failed":
      return { kind: "report", report: page.report };
  }
}

function renderBody(page: PopupPage, messages: PopupMessages): { title: string; body: string } {
  switch (page.kind) {
    case "opening": {
      const title = messages.opening(page.integration.title);
      return { title, body: `${noScript(messages)}\n${renderOpening(page, messages)}` };
    }
    case "confirm": {
      const title = messages.confirm(page.integration.title, page.project);
      return { title, body: renderConfirm(page, title, messages) };
    }
    case "connected": {
      const title = messages.connected;
      return {
        title,
        body: section("", [heading(title), hidden("done", messages.connectedDetail)]),
      };
    }
    case "denied":
    case "failed":
      return { title: messages[page.kind], body: renderEnding(page, messages) };
  }
}

type PageOf<Kind extends PopupPage["kind"]> = Extract<PopupPage, { kind: Kind }>;

/** The way to the provider, and what replaces it where the opener is gone. */
function renderOpening(page: PageOf<"opening" | "confirm">, messages: PopupMessages): string {
  const { integration, project } = page;
  return [
    section(`id="opening"${page.kind === "confirm" ? " hidden" : ""}`, [
      heading(messages.opening(integration.title)),
      paragraph(messages.openingDetail(integration.title, project)),
      `<div class="progress"></div>`,
      hidden("slow", messages.slow),
    ]),
    section(`id="lost" hidden`, [
      heading(messages.lost),
      paragraph(messages.lostDetail(project)),
      buttons([button("close", messages.close)]),
    ]),
  ].join("\n");
}

function renderConfirm(page: PageOf<"confirm">, title: string, messages: PopupMessages): string {
  const { integration, project, openerOrigin } = page;
  const question = section(`id="confirm"`, [
    heading(title),
    paragraph(messages.confirmDetail(project, new URL(openerOrigin).host, integration.title)),
    buttons([button("close", messages.cancel), button("continue", messages.continue)]),
  ]);
  return `${noScript(messages)}\n${question}\n${renderOpening(page, messages)}`;
}

function renderEnding(page: PageOf<"denied" | "failed">, messages: PopupMessages): string {
  return section("", [
    heading(messages[page.kind]),
    paragraph(page.message),
    paragraph(page.nextMove),
    buttons([button("close", messages.close)]),
    `<p class="request">${escapeHtml(messages.requestId(page.requestId))}</p>`,
  ]);
}

function section(attributes: string, parts: readonly string[]): string {
  return `<section${attributes && ` ${attributes}`} aria-live="polite">\n${parts.join("\n")}\n</section>`;
}

function heading(text: string): string {
  return `<h1 dir="auto">${escapeHtml(text)}</h1>`;
}

function paragraph(text: string): string {
  return `<p dir="auto">${escapeHtml(text)}</p>`;
}

function hidden(id: string, text: string): string {
  return `<p id="${id}" dir="auto" hidden>${escapeHtml(text)}</p>`;
}

function buttons(parts: readonly string[]): string {
  return `<div class="buttons">${parts.join("")}</div>`;
}

function button(action: "close" | "continue", text: string): string {
  return `<button type="button" data-action="${action}">${escapeHtml(text)}</button>`;
}

function noScript(messages: PopupMessages): string {
  return `<noscript>${paragraph(messages.noScript)}</noscript>`;
}

function iconUrl({ type }: PopupIntegration): string {
  return `/integrations/${encodeURIComponent(type)}.svg`;
}
