import * as z from "zod";

/** What was thrown in the sandbox, as its `describe` tells it. All texts are the user's. */
const ErrorDescription = z.object({ name: z.string(), message: z.string(), stack: z.string() });
export type ErrorDescription = z.output<typeof ErrorDescription>;

export function parseDescription(json: string): ErrorDescription {
  return ErrorDescription.parse(JSON.parse(json));
}
