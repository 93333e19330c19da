import { describe, expect, test } from "vitest";
import { createResponseExecutor } from "./response.ts";
import { failureOf } from "./testing/failure-of.ts";
import { contextOf } from "./testing/step-context.ts";

const executor = createResponseExecutor();

function run(step: Record<string, unknown>, trigger?: unknown): Promise<unknown> {
  return executor.run(contextOf({ type: "response", ...step }, { trigger }));
}

describe("a response", () => {
  test("is a status, headers and JSON", async () => {
    const headers = [{ name: "X-Answer", value: "{{trigger.n}}" }];
    const body = { n: "{{trigger.n}}", absent: "{{trigger.x}}" };
    expect(
      await run({ status: "{{trigger.status}}", headers, body }, { n: 5, status: "201" }),
    ).toEqual({
      status: 201,
      headers: { "x-answer": "5" },
      body: { n: 5 },
    });
    expect(await run({})).toEqual({ status: 200, headers: {} });
  });

  test("may be a file", async () => {
    const file = { name: "a.txt", mimeType: "text/plain", data: "aGVsbG8=" };
    const whole = { dataType: "FILE", size: 5, encoding: "base64", ...file };
    expect(await run({ responseType: "file", body: "{{trigger}}" }, whole)).toEqual({
      status: 200,
      headers: {},
      file,
    });
  });

  test.each([
    [{ status: "{{trigger}}" }, 199],
    [{ status: "{{trigger}}" }, 600],
    [{ status: "{{trigger}}" }, "ok"],
    [{ status: "{{trigger}}" }, undefined],
    [{ headers: [{ name: "a b", value: "1" }] }, 0],
    [{ headers: [{ name: "x", value: "{{trigger}}" }] }, "1\r\nset-cookie: a=b"],
    [{ headers: [{ name: "Set-Cookie", value: "a=b" }] }, 0],
    [{ headers: [{ name: "Transfer-Encoding", value: "chunked" }] }, 0],
    [{ responseType: "file", body: "text" }, 0],
    [{ responseType: "file" }, 0],
    [{ body: "{{trigger}}" }, "x".repeat(11 * 1024 * 1024)],
  ])("cannot be %o", async (step, trigger) => {
    expect(await failureOf(run(step, trigger))).toMatchObject({
      code: "invalid_input",
      transient: false,
    });
  });
});
