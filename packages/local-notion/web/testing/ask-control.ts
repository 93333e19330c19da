import { expect } from "vitest";

/** One request to `/_local` of the server at an address, which must be answered with 200. */
export async function askControl<Answer>(
  url: string,
  [method, path, body]: [method: string, path: string, body?: object],
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}
