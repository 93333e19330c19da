import type { ActionClient } from "@tenon/connector";

/**
 * A client that asks for the same thing once: many changes are asked about the same parents. What
 * failed is asked for again.
 */
export function withCachedReads(client: ActionClient): ActionClient {
  const answers = new Map<string, Promise<unknown>>();
  const request: ActionClient["request"] = (method: string, path: string, asks?: object) => {
    // The overloads differ in what the answer is parsed with, and each is called as it was.
    const send = (): Promise<never> =>
      Reflect.apply(client.request, client, [method, path, asks]) as Promise<never>;
    if (method !== "GET" || asks !== undefined) return send();
    const known = answers.get(path);
    if (known !== undefined) return known as Promise<never>;
    const answer = send();
    answers.set(path, answer);
    answer.catch(() => answers.delete(path));
    return answer;
  };
  return { request };
}
