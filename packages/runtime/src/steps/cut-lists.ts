/** How many items of a list a test run goes on with. */
export const maxTestItems = 20;

/** A copy of a JSON value with its lists cut, at every depth. */
export function cutLists(value: unknown, length = maxTestItems): unknown {
  if (Array.isArray(value)) return value.slice(0, length).map((item) => cutLists(item, length));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, cutLists(item, length)]),
  );
}
