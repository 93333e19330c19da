import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
beforeAll(async () => {
  tenon = await startTestTenon();
});
afterAll(() => tenon[Symbol.asyncDispose]());

const api = (path: string, body?: unknown) =>
  tenon.call(`/api/projects/${tenon.projectId}${path}`, {
    token: tenon.instanceKey,
    ...(body !== undefined && { method: "POST", body }),
  });

const setName = async (body: string) =>
  tenon.call(`/projects/${tenon.projectId}/sdk/me`, {
    method: "PATCH",
    token: await tenon.signToken("ada"),
    body,
  });

test.each([
  ["a NUL in a path", () => api("/users/%00")],
  ["a NUL in a query", () => api("/runs?userId=%00")],
  ["a NUL in a search", () => api("/users?search=%00")],
  ["a NUL in a body", () => api("/signing-keys", { title: "a\u0000b" })],
  ["half a character in what is stored as JSON", () => setName('{"meta":{"Name":"a\\ud800b"}}')],
  ["a NUL in what is stored as JSON", () => setName('{"meta":{"Name":"a\\u0000b"}}')],
  ["an address that cannot be decoded", () => api("/users/%")],
  ["an address with half a character", () => api("/users/%ED%A0%80")],
])("%s is refused as a bad request, in the one form of errors", async (_what, ask) => {
  const { status, body } = await ask();
  expect(status).toBe(400);
  expect(body).toMatchObject({
    status: 400,
    code: "invalid_request",
    message: expect.any(String),
    meta: { requestId: expect.any(String) },
  });
});

test("whole characters outside of the basic plane are taken as they are", async () => {
  const { status, body } = await api("/signing-keys", '{"title":"key \\ud83d\\ude00"}');
  expect(status).toBe(201);
  expect(body.title).toBe("key 😀");
});
