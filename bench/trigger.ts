import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { request } from "undici";
import * as z from "zod";
import { startParty } from "./party.ts";
import { median, type Report, type Row, round } from "./report.ts";

const warmUps = 30;
const turns = 5;
const perTurn = 60;
const secret = "secret_benchmark0000000000000000000000000000";

const Told = z.object({
  page: z.object({ id: z.string(), properties: z.looseObject({}) }),
});

/** Hears of first steps, and gives the time at which one came with a title. */
async function startReceiver() {
  const waiting = new Map<string, (at: number) => void>();
  const server = createServer((incoming, response) => {
    void json(incoming).then((body) => {
      const at = performance.now();
      response.setHeader("content-type", "application/json").end("{}");
      const text = JSON.stringify(Told.parse(body).page.properties);
      for (const [title, tell] of waiting) if (text.includes(title)) tell(at);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wait: (title: string) =>
      new Promise<number>((resolve) => {
        waiting.set(title, (at) => {
          waiting.delete(title);
          resolve(at);
        });
      }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Notion {
  url: string;
  token: string;
  workspaceId: string;
}

async function askNotion({ url, token }: Notion, path: string, method = "GET", body?: object) {
  const answer = await request(url + path, {
    method: method === "PATCH" ? "PATCH" : method === "POST" ? "POST" : "GET",
    headers: {
      authorization: `Bearer ${token}`,
      "notion-version": "2026-03-11",
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return z.looseObject({ id: z.string().optional() }).parse(await answer.body.json());
}

const Session = z.object({ token: z.string(), workspaceId: z.string() });
const Found = z.object({ results: z.array(z.looseObject({ id: z.string() })) });

/** A page is renamed, then the webhook that says so is sent; the time from there to the first step. */
async function measureOne(
  notion: Notion,
  { pageId, webhookUrl }: { pageId: string; webhookUrl: string },
  receiver: Awaited<ReturnType<typeof startReceiver>>,
): Promise<number> {
  const title = randomUUID();
  const properties = { title: { title: [{ text: { content: title } }] } };
  await askNotion(notion, `/v1/pages/${pageId}`, "PATCH", { properties });
  const told = receiver.wait(title);
  const body = JSON.stringify({
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    workspace_id: notion.workspaceId,
    workspace_name: "Benchmark",
    subscription_id: randomUUID(),
    integration_id: randomUUID(),
    type: "page.properties_updated",
    authors: [],
    attempt_number: 1,
    api_version: "2026-03-11",
    entity: { id: pageId, type: "page" },
    data: { parent: { id: notion.workspaceId, type: "space" }, updated_properties: ["title"] },
  });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const sentAt = performance.now();
  const answer = await request(webhookUrl, {
    method: "POST",
    headers: { "content-type": "application/json", "x-notion-signature": signature },
    body,
  });
  if (answer.statusCode !== 200) throw new Error(await answer.body.text());
  await answer.body.dump();
  return (await told) - sentAt;
}

async function measureMany(count: number, measure: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push(await measure());
  return times;
}

/**
 * From a webhook that is sent until the first step of its run arrives at the customer's server, one
 * at a time: through Tenon (verified, durable, the page fetched and compared, the run durable), and
 * through the least that fetches the page and tells. Processes of their own, taking turns.
 */
export async function benchTrigger(): Promise<Report> {
  const receiver = await startReceiver();
  const party = await startParty<{ url: string }>("trigger/local-notion.ts");
  const { url } = party.facts;
  const session = Session.parse(await (await fetch(`${url}/_local/session`)).json());
  const notion: Notion = { url, ...session };
  const found = await askNotion(notion, "/v1/search", "POST", {
    filter: { property: "object", value: "page" },
  });
  const pageId = Found.parse(found).results[0]?.id ?? "";
  const bare = await startParty<{ webhookUrl: string }>("trigger/bare.ts", [
    url,
    session.token,
    receiver.url,
    secret,
  ]);
  const tenon = await startParty<{ webhookUrl: string }>("trigger/tenon.ts", [
    url,
    receiver.url,
    secret,
  ]);
  const contenders = [
    { label: "bare webhook, fetch and post", party: bare, times: [] as number[] },
    { label: "Tenon", party: tenon, times: [] as number[] },
  ];
  const turnsOf: number[][] = [];
  try {
    for (let turn = 0; turn <= turns; turn += 1) {
      const medians: number[] = [];
      for (const { party, times } of contenders) {
        const own = await measureMany(turn === 0 ? warmUps : perTurn, () =>
          measureOne(notion, { pageId, ...party.facts }, receiver),
        );
        times.push(...(turn === 0 ? [] : own));
        medians.push(median(own));
      }
      if (turn > 0) turnsOf.push(medians);
    }
  } finally {
    for (const one of [tenon, bare, party]) await one.stop();
    receiver.close();
  }
  const rows: Row[] = contenders.map(({ label, times }) => ({
    label,
    p50Ms: round(median(times), 2),
    p99Ms: round([...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0, 2),
    worstMs: round(Math.max(...times), 2),
  }));
  const ratios = turnsOf.map(([theirs = Number.NaN, ours = Number.NaN]) => ours / theirs);
  return { rows, ratios: { "p50: Tenon of bare": round(median(ratios), 2) } };
}
