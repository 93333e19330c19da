import type { Exchange } from "./recording.ts";

/** Why an exchange still differs; CONFORMANCE.md tells more about each. */
export type Cause =
  | "formula spelling"
  | "search index"
  | "rows never shown"
  | "relations never shown"
  | "unexplained";

/** The cause of differences that are known and described; anything new is unexplained. */
export function causeOf({ path }: Exchange, differences: readonly string[]): Cause {
  if (differences.every((one) => /^properties\.[^.]+\.formula\.expression: /.test(one))) {
    return "formula spelling";
  }
  const isAboutResults = differences.every((one) => one.startsWith("results"));
  if (path === "/v1/search" && isAboutResults) return "search index";
  if (path.endsWith("/query") && isAboutResults) return "rows never shown";
  const isAboutRelations = differences.every((one) =>
    /^properties\.[^.]+\.(relation|has_more)/.test(one),
  );
  return isAboutRelations ? "relations never shown" : "unexplained";
}

/** Why an exchange says nothing about how Local Notion behaves. */
export type Reason =
  | "names something the recordings never show"
  | "shows two things under one hidden id"
  | "looks into e-mail addresses the recordings hide";
