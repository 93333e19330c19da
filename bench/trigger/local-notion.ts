import { createLocalNotion } from "local-notion";
import { serveParty } from "../party.ts";

/** A Local Notion without a limit of requests, which sends no webhooks by itself. */
const localNotion = await createLocalNotion({ settings: { rateLimit: null } });
serveParty({ facts: { url: localNotion.url }, stop: () => localNotion.close() });
