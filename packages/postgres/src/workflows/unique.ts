import { DatabaseError } from "pg";

const uniqueViolation = "23505";

/** What a write answers, or `conflict` where something else has the same name. */
export async function orConflict<T>(write: () => Promise<T>): Promise<T | "conflict"> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof DatabaseError && error.code === uniqueViolation) return "conflict";
    throw error;
  }
}
