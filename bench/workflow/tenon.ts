import * as z from "zod";
import { startConnectedTenon } from "../connected-tenon.ts";
import { serveParty } from "../party.ts";

/** The real server with a deployed workflow: a request, three requests to the provider, the reply. */
const [providerUrl = ""] = process.argv.slice(2);
const tenon = await startConnectedTenon(providerUrl);

const request = (id: string, next: string) => ({
  id,
  type: "integrationRequest",
  integration: "notion",
  method: "POST",
  path: `/v1/${id}`,
  bodyType: "json",
  body: { page: "{{start.request.body.page}}" },
  next,
});
const definition = {
  trigger: { id: "start", type: "request", next: "one" },
  steps: [
    request("one", "two"),
    request("two", "three"),
    request("three", "reply"),
    { id: "reply", type: "response", body: { ok: "{{three.response.body.ok}}" } },
  ],
};
const created = await tenon.askAsDeveloper("POST", "/workflows", {
  integration: "notion",
  title: "Three requests",
  definition,
});
const { id } = z.object({ id: z.uuid() }).parse(created);
await tenon.askAsDeveloper("POST", `/workflows/${id}/deploy`, {});
await tenon.askAsUser("POST", `/workflows/${id}`);

const { port, sdkPath, token, stop } = tenon;
serveParty({ facts: { port, path: `${sdkPath}/triggers/${id}`, token }, stop });
