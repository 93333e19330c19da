import { type ActionClient, ProviderError } from "@tenon/connector";
import { expect, test } from "vitest";
import { withClearErrors } from "./clear-errors.ts";
import { createActionRig } from "./testing/action-rig.ts";

/** What a client says that throws an error of Notion with this body. */
async function told(
  status: number,
  body: { code?: string; message?: string; additional_data?: object },
  [method, path] = ["GET", "/v1/pages/1"],
): Promise<ProviderError> {
  const { code, message = "" } = body;
  const error = new ProviderError(message, {
    status,
    code,
    requestId: "request-1",
    retryAfterMs: 1_000,
    body,
  });
  const failing: ActionClient = { request: () => Promise.reject(error) };
  const seen: unknown = await withClearErrors(failing)
    .request(method as "GET", path ?? "")
    .catch((reason: unknown) => reason);
  if (!(seen instanceof ProviderError)) throw new Error("It did not fail as the provider did.");
  expect(seen).toMatchObject({ status, code, requestId: "request-1", retryAfterMs: 1_000, body });
  expect(seen.cause).toBe(error);
  return seen;
}

test("a thing that is not there or not shared says what to do, and with which connection", async () => {
  const { message } = await told(404, {
    code: "object_not_found",
    message:
      'Could not find page with ID: 1f. Make sure the relevant pages and databases are shared with your integration "Acme Sync".',
  });
  expect(message).toBe(
    'The page 1f is not shared with this connection, or it does not exist: open it in Notion, choose ••• › Connections, and add "Acme Sync".',
  );
});

test("a person who is not seen is told apart from a page", async () => {
  const { message } = await told(404, {
    code: "object_not_found",
    message:
      "Could not find user with ID: 1f. Make sure your integration has capabilities to read.",
  });
  expect(message).toMatch(/^This connection sees no user 1f/);
});

test("one fault of a request keeps its field", async () => {
  const { message } = await told(400, {
    code: "validation_error",
    message: "body failed validation: body.children.length should be ≤ `100`, instead was `124`.",
  });
  expect(message).toBe(
    'Notion refused this: "children.length" should be ≤ `100`, instead was `124`.',
  );
});

test("several faults are kept, as is what has no field", async () => {
  const several = await told(400, {
    code: "validation_error",
    message:
      'body failed validation. Fix one:\nbody.parent.page_id should be defined, instead was `undefined`.\nbody.parent.database_id should be a valid uuid, instead was `"X"`.',
  });
  expect(several.message).toBe(
    'Notion refused this: "parent.page_id" should be defined, instead was `undefined`. Or: "parent.database_id" should be a valid uuid, instead was `"X"`.',
  );
  const none = await told(400, {
    code: "validation_error",
    message: "Name is not a property that exists.",
  });
  expect(none.message).toBe("Notion refused this: Name is not a property that exists.");
});

test("a database with several data sources names them", async () => {
  const { message } = await told(400, {
    code: "validation_error",
    message: "Databases with multiple data sources are not supported in this API version.",
    additional_data: {
      error_type: "multiple_data_sources_for_database",
      database_id: "d1",
      child_data_source_ids: ["s1", "s2"],
    },
  });
  expect(message).toBe(
    "The database d1 has several data sources: choose one of them. Their ids are s1, s2.",
  );
});

test.each([
  ["GET", "/v1/users", "Read user information"],
  ["GET", "/v1/comments", "Read comments"],
  ["POST", "/v1/comments", "Insert comments"],
  ["GET", "/v1/blocks/1/children", "Read content"],
  ["POST", "/v1/data_sources/1/query", "Read content"],
  ["POST", "/v1/search", "Read content"],
  ["POST", "/v1/pages", "Insert content"],
  ["PATCH", "/v1/blocks/1/children", "Insert content"],
  ["POST", "/v1/file_uploads/1/send", "Insert content"],
  ["PATCH", "/v1/pages/1", "Update content"],
  ["POST", "/v1/pages/1/move", "Update content"],
  ["DELETE", "/v1/blocks/1", "Update content"],
])("a refused %s %s lacks %s", async (method, path, capability) => {
  const body = { code: "restricted_resource", message: "No." };
  expect((await told(403, body, [method, path])).message).toContain(`"${capability}"`);
});

test("a workspace whose blocks are used up lacks no capability", async () => {
  const { message } = await told(403, {
    code: "restricted_resource",
    message: "The workspace has reached its block limit.",
    additional_data: { block_limit: 1_000 },
  });
  expect(message).toContain("block limit");
  expect(message).not.toContain("capability");
});

test("a blocked connection is told that waiting does not help", async () => {
  const blocked = { rate_limit_reason: "public_api_request_blocked" };
  const { message } = await told(429, { code: "rate_limited", additional_data: blocked });
  expect(message).toContain("waiting does not help");
});

test("Notion's own wording of each is known", async () => {
  const rig = await createActionRig();
  try {
    const client = withClearErrors(rig.client);
    const id = "3ac0de10-ca1a-81d2-8a01-0000000000ff";
    await expect(client.request("GET", `/v1/pages/${id}`)).rejects.toThrow(
      `The page ${id} is not shared with this connection`,
    );
    await expect(client.request("GET", `/v1/users/${id}`)).rejects.toThrow(
      `This connection sees no user ${id}`,
    );
    await expect(client.request("POST", "/v1/pages", { body: {} })).rejects.toThrow(
      'Notion refused this: "parent" should be',
    );
  } finally {
    await rig.close();
  }
});

test("what is no answer of Notion passes through as it is", async () => {
  const failure = new TypeError("fetch failed");
  const failing: ActionClient = { request: () => Promise.reject(failure) };
  await expect(withClearErrors(failing).request("GET", "/v1/users")).rejects.toBe(failure);
});
