import type { Client } from "@notionhq/client";
import type { ApiVersion } from "../api/version.ts";
import type { Expected } from "./expectations.ts";
import type { Subjects } from "./subjects.ts";

/** One method of Notion's client: how it is called here, what it sends, what comes back. */
export interface ClientCall {
  method: string;
  /** The request the client makes of it. */
  endpoint: string;
  expected: Expected;
  call(client: Client, subjects: Subjects, context: CallContext): Promise<unknown>;
}

export interface CallContext {
  url: string;
  version: ApiVersion;
}
