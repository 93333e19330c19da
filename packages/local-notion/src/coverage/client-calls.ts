import { accountCalls } from "./account-calls.ts";
import { attachedCalls } from "./attached-calls.ts";
import type { ClientCall } from "./client-call.ts";
import { contentCalls } from "./content-calls.ts";
import { tableCalls } from "./table-calls.ts";
import { unservedCalls } from "./unserved-calls.ts";

/** One row for every method of the client; a test compares it with the methods there are. */
export const clientCalls: readonly ClientCall[] = [
  ...accountCalls,
  ...contentCalls,
  ...tableCalls,
  ...attachedCalls,
  ...unservedCalls,
];
