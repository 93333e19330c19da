import { createLocalNotion } from "local-notion";
import { serveParty } from "../party.ts";

const hourMs = 3_600_000;

/** A Local Notion without a limit of requests, whose pages nobody has edited for an hour. */
const localNotion = await createLocalNotion({
  settings: { rateLimit: null, clockOffsetMs: -hourMs },
});
await fetch(`${localNotion.url}/_local/settings`, {
  method: "PATCH",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ clockOffsetMs: 0 }),
});
serveParty({ facts: { url: localNotion.url }, stop: () => localNotion.close() });
