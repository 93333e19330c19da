import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { assertAnswer } from "./assert-answer.ts";
import { toEndpoint } from "./endpoint.ts";
import { startMcpServer, type McpServer } from "./mcp-server.ts";
import { one } from "./expectations.ts";
import { createSubjects, text, type Subjects } from "./subjects.ts";
import { toolCalls } from "./tool-calls.ts";

let workspace: TestWorkspace;
let server: McpServer;
let subjects: Subjects;

beforeAll(async () => {
  workspace = await openWorkspace();
  server = await startMcpServer(workspace.url, { NOTION_TOKEN: workspace.token });
  const home = (await workspace.client().search({ query: "Handbook" })).results[0]?.id ?? "";
  subjects = createSubjects(workspace.client(), home);
});
afterAll(async () => {
  await server.stop();
  await workspace.close();
});

describe("Notion's MCP server", () => {
  it.each(toolCalls)("$tool", async ({ tool, endpoint, version, expected, ...call }) => {
    const args = await call.arguments(subjects);
    const body = await server.call(tool, args);
    const log = (await workspace.call("GET", "/_local/requests")).body;
    const asked = Object.values(log).at(-1);
    expect(asked.headers["notion-version"]).toBe(version);
    expect(toEndpoint(asked.method, workspace.url + asked.path)).toBe(endpoint);
    assertAnswer(body, expected, version ?? "2025-09-03");
  });

  it("hands on Notion's own errors", async () => {
    const missing = "11111111-1111-4111-8111-111111111111";
    const body = await server.call("API-retrieve-a-page", { page_id: missing });
    expect(body).toMatchObject({ code: "object_not_found", request_id: expect.any(String) });
  });

  it("comments once it is told a version for every tool", async () => {
    const headers = {
      Authorization: `Bearer ${workspace.token}`,
      "Notion-Version": "2026-03-11",
    };
    const told = await startMcpServer(workspace.url, {
      OPENAPI_MCP_HEADERS: JSON.stringify(headers),
    });
    const args = { parent: { page_id: await subjects.page() }, rich_text: text("Said") };
    const body = await told.call("API-create-a-comment", args);
    await told.stop();
    assertAnswer(body, one("comment"), "2026-03-11");
  });

  it("is called with every tool it has", async () => {
    const known = toolCalls.map(({ tool }) => tool);
    expect((await server.tools()).toSorted()).toEqual(known.toSorted());
  });
});
