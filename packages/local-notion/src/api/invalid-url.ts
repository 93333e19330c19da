import { NotionError } from "../notion-error.ts";

/** What Notion answers for an endpoint it does not have. */
export function invalidUrl(): NotionError {
  return new NotionError([400, "invalid_request_url"], "Invalid request URL.");
}
