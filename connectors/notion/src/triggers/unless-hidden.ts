import { ProviderError } from "@tenon/connector";

/** What a request answers, or undefined where the thing is not there or not for this connection. */
export async function unlessHidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && hidden.has(error.code)) return undefined;
    throw error;
  }
}

const hidden: ReadonlySet<string | undefined> = new Set([
  "object_not_found",
  "restricted_resource",
]);
