import { apiVersions, type ApiVersion } from "../api/version.ts";
import type { Expectation } from "./assert-answer.ts";
import type { ObjectKind } from "./object-shapes.ts";

/** What an endpoint answers at each version. */
export type Expected = Readonly<Record<ApiVersion, Expectation>>;

export function always(expectation: Expectation): Expected {
  const entries = apiVersions.map((version) => [version, expectation] as const);
  // The entries are those of every version.
  return Object.fromEntries(entries) as Record<ApiVersion, Expectation>;
}

/** From 2025-09-03 on; before, Notion has no such endpoint. */
export function sinceDataSources(expectation: Expectation): Expected {
  return { ...always(expectation), "2022-06-28": unserved };
}

export const unserved: Expectation = { is: "error", code: "invalid_request_url" };

export function one(kind: ObjectKind): Expectation {
  return { is: "object", kind };
}

export function listOf(type: string, ...kinds: ObjectKind[]): Expectation {
  return { is: "list", type, kinds };
}
