import * as z from "zod";
import { startConnectedTenon } from "../connected-tenon.ts";
import { serveParty } from "../party.ts";
import { askForGrant } from "./grant.ts";

/** The real server with a workflow that tells the receiver of each page that was updated. */
const [notionUrl = "", receiverUrl = "", secret = ""] = process.argv.slice(2);
const tenon = await startConnectedTenon(notionUrl, {}, await askForGrant(notionUrl));

const created = await tenon.askAsDeveloper("POST", "/workflows", {
  integration: "notion",
  title: "Tell of updates",
  definition: {
    trigger: { id: "start", type: "integration", trigger: "page-updated", next: "tell" },
    steps: [
      {
        id: "tell",
        type: "request",
        method: "POST",
        url: `${receiverUrl}/tenon`,
        bodyType: "json",
        body: { page: "{{start.result}}" },
      },
    ],
  },
});
const { id } = z.object({ id: z.uuid() }).parse(created);
await tenon.askAsDeveloper("POST", `/workflows/${id}/deploy`, {});
await tenon.askAsUser("POST", `/workflows/${id}`);

const webhookPath = "/integrations/notion/webhook";
const settings = await tenon.askAsDeveloper("GET", webhookPath);
const { pathname } = new URL(z.object({ url: z.url() }).parse(settings).url);
const webhookUrl = `http://127.0.0.1:${tenon.port}${pathname}`;
await fetch(webhookUrl, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ verification_token: secret }),
});
await tenon.askAsDeveloper("POST", `${webhookPath}/activate`, { token: secret });
serveParty({ facts: { webhookUrl }, stop: () => tenon.stop() });
