import { pageTitle } from "../api/titles.ts";
import { peopleOf } from "../workspaces/find-workspace.ts";
import type { Instance } from "../instance.ts";
import type { App, Node, Person } from "../store/records.ts";
import type { AuthorizeRequest } from "./authorize-request.ts";
import { connectionOf } from "./connections.ts";
import { html, type Html } from "./html.ts";

interface Consent {
  request: AuthorizeRequest;
  person: Person;
  params: URLSearchParams;
}

/** The page on which a person decides what an app may see. It needs no script. */
export function consentPage(instance: Instance, consent: Consent): string {
  const { app, redirectUri } = consent.request;
  const workspace = instance.store.get("workspaces", consent.person.workspaceId);
  const body = html` <header class="bar">${localBadge} ${accountMenu(instance, consent)}</header>
    <main class="card">
      <div class="pair" aria-hidden="true">
        <span class="logo app">${initial(app.name)}</span>
        <span class="dots"></span>
        <span class="logo workspace">${workspace?.icon ?? initial(workspace?.name ?? "")}</span>
      </div>
      <h1>
        <strong>${app.name}</strong> would like to connect to ${workspace?.name ?? "your workspace"}
      </h1>
      ${workspaceMenu(instance, consent)}
      <form method="post" action="/v1/oauth/authorize">
        ${hiddenFields(consent)}
        <section aria-labelledby="able">
          <h2 id="able">It will be able to</h2>
          <ul class="abilities">
            ${abilities(app).map((text) => html`<li>${text}</li>`)}
          </ul>
        </section>
        ${picker(instance, consent)}
        <p class="note">
          You are sent on to <b>${new URL(redirectUri).host || redirectUri}</b>. You can take the
          access away at any time in Local Notion.
        </p>
        <div class="actions">
          <button type="submit" name="decision" value="cancel">Cancel</button>
          <button type="submit" name="decision" value="allow" class="primary">Allow access</button>
        </div>
      </form>
    </main>`;
  return documentOf(`Connect ${app.name}`, body);
}

/** What a person sees when there is nowhere to send them back to. */
export function consentErrorPage(title: string, message: string): string {
  const body = html` <header class="bar">${localBadge}</header>
    <main class="card">
      <h1>${title}</h1>
      <p>${message}</p>
    </main>`;
  return documentOf(title, body);
}

const localBadge = html`<span class="badge">Local Notion</span>`;

function documentOf(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Local Notion</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_local/assets/tokens.css" />
        <link rel="stylesheet" href="/_local/assets/consent.css" />
      </head>
      <body>
        ${body}
      </body>
    </html> `.html;
}

function initial(name: string): string {
  return String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase();
}

/** Who decides: a menu of links when there are several people. */
function accountMenu(instance: Instance, { person, params }: Consent): Html {
  const others = peopleOf(instance, person.workspaceId).filter(({ id }) => id !== person.id);
  const who = html`<span class="avatar" aria-hidden="true">${initial(person.name)}</span>
    <span>${person.name} <small>${person.email}</small></span>`;
  if (others.length === 0) return html`<p class="account">${who}</p>`;
  return html`<details class="account">
    <summary>${who}</summary>
    <ul>
      ${others.map(
        (other) =>
          html`<li>
            <a href="${linkWith(params, { person_id: other.id })}"
              >Continue as ${other.name} <small>${other.email}</small></a
            >
          </li>`,
      )}
    </ul>
  </details>`;
}

/** Which workspace is connected: a menu of links when there are several. */
function workspaceMenu({ store }: Instance, { person, params }: Consent): Html | undefined {
  const others = [...store.all("workspaces")].filter(({ id }) => id !== person.workspaceId);
  if (others.length === 0) return undefined;
  return html`<details class="workspaces">
    <summary>Choose another workspace</summary>
    <ul>
      ${others.map(
        (other) =>
          html`<li>
            <a href="${linkWith(params, { workspace_id: other.id, person_id: person.id })}"
              ><span class="mark" aria-hidden="true">${other.icon ?? initial(other.name)}</span>
              <span>${other.name}</span></a
            >
          </li>`,
      )}
    </ul>
  </details>`;
}

function linkWith(params: URLSearchParams, choice: Record<string, string>): string {
  const changed = new URLSearchParams(params);
  changed.delete("workspace_id");
  for (const [name, value] of Object.entries(choice)) changed.set(name, value);
  return `/v1/oauth/authorize?${changed.toString()}`;
}

function hiddenFields({ params, person }: Consent): Html[] {
  const fields = new URLSearchParams(params);
  fields.set("person_id", person.id);
  const kept = ["client_id", "redirect_uri", "response_type", "owner", "state", "person_id"];
  return kept
    .filter((name) => fields.has(name))
    .map((name) => html`<input type="hidden" name="${name}" value="${fields.get(name) ?? ""}" />`);
}

function abilities({ capabilities }: App): string[] {
  const lines: [boolean, string][] = [
    [capabilities.readContent, "View pages you select"],
    [capabilities.updateContent, "Edit pages you select"],
    [capabilities.insertContent, "Add content to pages you select"],
    [capabilities.readComments, "Read comments"],
    [capabilities.insertComments, "Write comments"],
    [
      capabilities.users === "without_email",
      "See who is in the workspace, without e-mail addresses",
    ],
    [capabilities.users === "with_email", "See who is in the workspace, with e-mail addresses"],
  ];
  return lines.filter(([able]) => able).map(([, text]) => text);
}

function picker(instance: Instance, { request, person }: Consent): Html {
  const { shared } = connectionOf(instance, request.app.id, person.id) ?? { shared: [] };
  const chosen = new Set(shared === "all" ? [] : shared);
  const top = pagesBelow(instance, person.workspaceId);
  return html`<details class="picker">
      <summary aria-describedby="none-selected">Select pages</summary>
      <fieldset>
        <legend>Pages the app may see, with everything inside them</legend>
        ${top.length === 0 && html`<p>This workspace has no pages yet.</p>`}
        ${tree(instance, { pages: top, chosen, depth: 0 })}
      </fieldset>
    </details>
    <p class="note" id="none-selected">
      With nothing selected, all pages at the top of the workspace are shared.
    </p>`;
}

/** Pages deeper or further down the list are shared with their parents, not one by one. */
const deepest = 4;
const longest = 200;

interface Level {
  pages: Node[];
  chosen: ReadonlySet<string>;
  depth: number;
}

function tree(instance: Instance, { pages, chosen, depth }: Level): Html {
  if (pages.length === 0 || depth > deepest) return html``;
  const items = pages.slice(0, longest).map((page) => {
    const below = tree(instance, {
      pages: pagesBelow(instance, page.id),
      chosen,
      depth: depth + 1,
    });
    return html`<li>
      <label
        ><input
          type="checkbox"
          name="page_ids"
          value="${page.id}"
          ${chosen.has(page.id) && html`checked`}
        />
        <span class="icon" aria-hidden="true">${iconOf(page)}</span>
        <span>${pageTitle(page) || "Untitled"}</span></label
      >
      ${below}
    </li>`;
  });
  return html`<ul class="pages">
    ${items}
  </ul>`;
}

function pagesBelow({ store }: Instance, parentId: string): Node[] {
  return store.nodes
    .liveChildrenOf(parentId)
    .filter(({ kind }) => kind === "page" || kind === "database");
}

function iconOf(node: Node): Html | string {
  if ((node.kind === "page" || node.kind === "database") && node.icon?.type === "emoji") {
    return node.icon.emoji;
  }
  return node.kind === "database" ? databaseGlyph : pageGlyph;
}

/** Line icons as on the workspace page. */
const pageGlyph = html`<svg class="glyph" viewBox="0 0 16 16" width="16" height="16">
  <path d="M4 2.5h5.5L12 5v8.5H4zM6 7h4M6 10h4" />
</svg>`;
const databaseGlyph = html`<svg class="glyph" viewBox="0 0 16 16" width="16" height="16">
  <path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6" />
</svg>`;
