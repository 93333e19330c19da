import { english, type Messages } from "./english.ts";

/** The phrases of the language in use. A hook, because that will depend on where it is called. */
export function useMessages(): Messages {
  return english;
}
