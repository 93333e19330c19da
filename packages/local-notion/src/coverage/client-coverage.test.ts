import { APIResponseError, Client } from "@notionhq/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiVersions, type ApiVersion } from "../api/version.ts";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { assertAnswer } from "./assert-answer.ts";
import { clientCalls } from "./client-calls.ts";
import { toEndpoint } from "./endpoint.ts";
import { createSubjects, type Subjects } from "./subjects.ts";

let workspace: TestWorkspace;
let subjects: Subjects;

beforeAll(async () => {
  workspace = await openWorkspace();
  const home = (await workspace.client().search({ query: "Handbook" })).results[0]?.id ?? "";
  subjects = createSubjects(workspace.client(), home);
});
afterAll(() => workspace.close());

describe.each(apiVersions)("Notion's own client at %s", (version) => {
  it.each(clientCalls)("$method", async ({ call, endpoint, expected }) => {
    const { client, requests } = recordingClient(version);
    let body: unknown;
    try {
      body = await call(client, subjects, { url: workspace.url, version });
    } catch (error) {
      // Whatever is no error of Notion's has nothing to do with an answer of it.
      if (!(error instanceof APIResponseError)) throw error;
      body = JSON.parse(error.body);
    }
    expect(requests.at(-1)).toBe(endpoint);
    assertAnswer(body, expected[version], version);
  });
});

it("is called with every method it has", () => {
  const known = clientCalls.map(({ method }) => method);
  expect(known.toSorted()).toEqual([...methodsOf(new Client()), "request"].toSorted());
});

/** A client that notes which endpoints it asks. */
function recordingClient(version: ApiVersion): { client: Client; requests: string[] } {
  const requests: string[] = [];
  const client = new Client({
    auth: workspace.token,
    baseUrl: workspace.url,
    notionVersion: version,
    retry: false,
    logger: () => undefined,
    fetch: (url, init) => {
      requests.push(toEndpoint(init?.method ?? "GET", url));
      return fetch(url, init);
    },
  });
  return { client, requests };
}

/** Every function a client has on itself, at any depth: its endpoints. */
function methodsOf(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member === "function") return [prefix + name];
    if (typeof member !== "object" || member === null) return [];
    return methodsOf(member, `${prefix}${name}.`);
  });
}
