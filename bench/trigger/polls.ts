import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { startConnectedTenon } from "../connected-tenon.ts";
import { serveParty } from "../party.ts";
import { askForGrant } from "./grant.ts";

/** The real server with 200 connected users, whose accounts it polls as often as it can. */
const connections = 200;
const [notionUrl = ""] = process.argv.slice(2);
const environment = { TENON_POLL_SECONDS: "0,0,0" };
const tenon = await startConnectedTenon(notionUrl, environment, await askForGrant(notionUrl));

const created = await tenon.askAsDeveloper("POST", "/workflows", {
  integration: "notion",
  title: "Pages",
  definition: {
    trigger: { id: "start", type: "integration", trigger: "page-updated" },
    steps: [],
  },
});
const { id } = z.object({ id: z.uuid() }).parse(created);
await tenon.askAsDeveloper("POST", `/workflows/${id}/deploy`, {});
for (let user = 0; user < connections; user += 1) {
  const userId = `user-${user}`;
  await tenon.connect(userId, await askForGrant(notionUrl));
  await tenon.askAsDeveloper("PUT", `/users/${userId}/workflows/${id}`, { enabled: true });
}

async function countPolls(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${tenon.port}/metrics`)).text();
  return Number(/tenon_polls_total\{outcome="done"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}

async function measure(measureMs: number) {
  const before = await countPolls();
  const begun = performance.now();
  await delay(measureMs);
  const polls = (await countPolls()) - before;
  return { polls, seconds: (performance.now() - begun) / 1000 };
}

serveParty({
  facts: {},
  answer: async (question) => ("measureMs" in question ? measure(Number(question.measureMs)) : {}),
  stop: () => tenon.stop(),
});
