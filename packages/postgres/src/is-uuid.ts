/** Before every other in order; no row has it. */
export const nilUuid = "00000000-0000-0000-0000-000000000000";

/** Whether a text can be compared with a uuid column; any other would be an error of the query. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
