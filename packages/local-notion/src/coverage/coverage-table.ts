import { apiVersions } from "../api/version.ts";
import type { Expectation } from "./assert-answer.ts";
import type { ClientCall } from "./client-call.ts";
import { clientCalls } from "./client-calls.ts";
import { toolCalls } from "./tool-calls.ts";

const start = "<!-- coverage: written by scripts/coverage.ts from src/coverage -->";
const end = "<!-- /coverage -->";

/** The README with its section on coverage as the tables say it; all else is left as it is. */
export function withCoverage(readme: string): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md needs the lines ${start} and ${end}.`);
  return `${readme.slice(0, from)}${start}\n\n${coverageSection()}\n${readme.slice(to)}`;
}

function coverageSection(): string {
  const refused = clientCalls.filter(({ expected }) =>
    apiVersions.every((version) => expected[version].is === "error"),
  );
  const methods = clientCalls.filter(({ method }) => method !== "request").length;
  return [
    `Of the ${methods} endpoint methods of \`@notionhq/client\` ${methods - refused.length} are ` +
      `answered and ${refused.length} refused with Notion's own error. All ${toolCalls.length} tools of ` +
      "`@notionhq/notion-mcp-server` reach it (`BASE_URL` tells that server where).",
    "",
    ...toTable(
      ["client method", "request", ...apiVersions, "MCP tool"],
      clientCalls.filter((call) => !refused.includes(call)).map(toRow),
    ),
    "",
    "¹ That server sends no version with this request unless `OPENAPI_MCP_HEADERS` names one, and is",
    "told `missing_version` as Notion tells it.",
    "",
    `Not served, answered \`invalid_request_url\`: ${refused.map(({ method }) => `\`${method}\``).join(", ")}.`,
    "",
  ].join("\n");
}

function toRow({ method, endpoint, expected }: ClientCall): string[] {
  const answers = apiVersions.map((version) => name(expected[version]));
  const tools = toolCalls.filter((call) => call.endpoint === endpoint);
  const versionless = tools.some((call) => call.expected.is === "error") ? " ¹" : "";
  const named = tools.map(({ tool }) => `\`${tool.replace(/^API-/, "")}\`${versionless}`);
  return [`\`${method}\``, `\`${endpoint}\``, ...answers, named.join(", ")];
}

/** An expectation in the words of the table. */
function name(expectation: Expectation): string {
  switch (expectation.is) {
    case "object":
      return expectation.kind;
    case "list": {
      const kinds = expectation.kinds.join(" or ");
      return kinds === "" ? "empty list" : `list: ${kinds}`;
    }
    case "templates":
      return "empty list";
    case "error":
      return `\`${expectation.code}\``;
  }
}

function toTable(head: readonly string[], rows: readonly string[][]): string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
