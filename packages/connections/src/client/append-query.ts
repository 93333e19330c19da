/** Appends parameters to a path or URL without a fragment, whose own query stays as it is. */
export function appendQuery(
  target: string,
  query: readonly (readonly [name: string, value: string])[],
): string {
  if (query.length === 0) return target;
  const added = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  return `${target}${target.includes("?") ? "&" : "?"}${added}`;
}
