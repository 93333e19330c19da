import { Pool } from "undici";
import { serveParty } from "../party.ts";

/** The requests that polls are, and nothing else. */
const [notionUrl = ""] = process.argv.slice(2);
const session = await (await fetch(`${notionUrl}/_local/session`)).json();
const { token } = session as { token: string };
const pool = new Pool(notionUrl, { connections: 32 });
const body = JSON.stringify({
  filter: { property: "object", value: "page" },
  sort: { timestamp: "last_edited_time", direction: "descending" },
  page_size: 10,
});

async function poll(): Promise<void> {
  const answer = await pool.request({
    path: "/v1/search",
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "notion-version": "2026-03-11",
      "content-type": "application/json",
    },
    body,
  });
  await answer.body.json();
}

async function measure(measureMs: number) {
  const begun = performance.now();
  let polls = 0;
  const work = async () => {
    while (performance.now() - begun < measureMs) {
      await poll();
      polls += 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return { polls, seconds: (performance.now() - begun) / 1000 };
}

serveParty({
  facts: {},
  answer: async (question) => ("measureMs" in question ? measure(Number(question.measureMs)) : {}),
  stop: () => pool.close(),
});
