import { AppError } from "@tenon/connector";

/** Where looking at Notion cannot tell whether a write happened, so that it is not repeated. */
export function outcomeUnknown(message: string): AppError<"outcome_unknown"> {
  return new AppError("outcome_unknown", 409, message);
}
