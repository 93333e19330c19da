import { createContext, useContext } from "react";
import { english, type Messages } from "./english.ts";

/** The phrases of the language in use. */
export const MessagesContext = createContext<Messages>(english);

export function useMessages(): Messages {
  return useContext(MessagesContext);
}
