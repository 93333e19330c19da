import type { Api } from "@tenon/connector";

/** The version we ask for where the caller names none: the newest that all our actions know. */
export const notionVersion = "2026-03-11";

export const api: Api = {
  baseUrl: "https://api.notion.com",
  defaultHeaders: { "notion-version": notionVersion },
  // Published for connections on plans below Business: 180 requests in a window of 60 s.
  rateLimit: { requests: 180, windowMs: 60_000 },
  // OAuth endpoints answer in RFC 6749's shape, in Notion's own, or in both at once.
  error: {
    code: ["error", "code"],
    message: ["error_description", "message"],
    requestIdHeader: "x-notion-request-id",
  },
};
