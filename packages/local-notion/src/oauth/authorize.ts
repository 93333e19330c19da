import type { IncomingMessage } from "node:http";
import { ownerOf, peopleOf } from "../workspaces/find-workspace.ts";
import { htmlReply, redirectReply, type Reply } from "../http/reply.ts";
import { readBody } from "../http/read-body.ts";
import { isUuid, toDashed } from "../ids.ts";
import type { Instance } from "../instance.ts";
import type { Person } from "../store/records.ts";
import { checkAuthorizeRequest, withParams, type AuthorizeRequest } from "./authorize-request.ts";
import { topLevelIds } from "./connections.ts";
import { consentErrorPage, consentPage } from "./consent-page.ts";
import { isFromOwnPage } from "./own-page.ts";
import { hashSecret, newSecret } from "./tokens.ts";

const codeLifeMs = 10 * 60_000;
const mostFormBytes = 256 * 1_024;

/** The consent page, and what becomes of the decision made on it. */
export async function authorize(
  instance: Instance,
  request: IncomingMessage,
  url: URL,
): Promise<Reply> {
  if (request.method === "GET" || request.method === "HEAD") {
    return showConsent(instance, url.searchParams);
  }
  if (!isFromOwnPage(request, new URL(instance.publicUrl).host)) {
    const message = "This decision did not come from the consent page. Start again from the app.";
    return htmlReply(403, consentErrorPage("Not accepted", message));
  }
  const body = await readBody(request, mostFormBytes);
  const form = new URLSearchParams(body.toString("utf8"));
  // The page sends the request along with the decision; a client may leave it in the address.
  for (const [name, value] of url.searchParams) if (!form.has(name)) form.append(name, value);
  return decide(instance, form);
}

function showConsent(instance: Instance, params: URLSearchParams): Reply {
  const checked = checkAuthorizeRequest(instance, params);
  if (checked.kind === "page") {
    return htmlReply(400, consentErrorPage(checked.title, checked.message));
  }
  if (checked.kind === "redirect") return redirectReply(checked.location);
  const person = choosePerson(instance, params);
  if (!person)
    return htmlReply(400, consentErrorPage("Nobody here", "There is no such workspace."));
  return htmlReply(200, consentPage(instance, { request: checked.request, person, params }));
}

/**
 * Who decides: the person asked for. A workspace asked for beside is entered as the person with
 * the same e-mail address there, else as its owner.
 */
function choosePerson(instance: Instance, params: URLSearchParams): Person | undefined {
  const { store } = instance;
  const asked = store.get("people", params.get("person_id") ?? "");
  const workspaceId = params.get("workspace_id") ?? asked?.workspaceId;
  if (asked && asked.workspaceId === workspaceId) return asked;
  if (workspaceId === undefined) return store.all("people").next().value;
  const same = peopleOf(instance, workspaceId).find(({ email }) => email === asked?.email);
  return same ?? ownerOf(instance, workspaceId);
}

function decide(instance: Instance, form: URLSearchParams): Reply {
  const checked = checkAuthorizeRequest(instance, form);
  if (checked.kind === "page") {
    return htmlReply(400, consentErrorPage(checked.title, checked.message));
  }
  if (checked.kind === "redirect") return redirectReply(checked.location);
  const { redirectUri, state } = checked.request;
  const decision = form.get("decision");
  if (decision === "cancel") {
    return redirectReply(withParams(redirectUri, { error: "access_denied", state }));
  }
  const person = choosePerson(instance, form);
  if (decision !== "allow" || !person) {
    const message = "The decision must be allow or cancel. Go back and choose one.";
    return htmlReply(400, consentErrorPage("No decision", message));
  }
  const pageIds = chosenPages(instance, person, form.getAll("page_ids"));
  const { result: code } = instance.store.transact(() =>
    issueCode(instance, checked.request, { person, pageIds }),
  );
  return redirectReply(withParams(redirectUri, { code, state }));
}

/** The pages ticked that are in the person's workspace; with none ticked, all at its top. */
function chosenPages(instance: Instance, person: Person, asked: string[]): string[] {
  const chosen = asked
    .filter(isUuid)
    .map(toDashed)
    .filter((id) => instance.store.get("nodes", id)?.workspaceId === person.workspaceId);
  return chosen.length > 0 ? chosen : topLevelIds(instance, person.workspaceId);
}

function issueCode(
  { store, clock }: Instance,
  request: AuthorizeRequest,
  { person, pageIds }: { person: Person; pageIds: string[] },
): string {
  const code = newSecret("");
  store.put("codes", {
    id: hashSecret(code),
    appId: request.app.id,
    personId: person.id,
    pageIds,
    redirectUri: request.redirectUri,
    redirectUriGiven: request.redirectUriGiven,
    expiresTime: clock.now() + codeLifeMs,
    used: false,
  });
  return code;
}
