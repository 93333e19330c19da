/** What choosing among a user's connections looks at. */
export interface SelectableConnection {
  id: string;
  externalId: string | null;
  status: "VALID" | "INVALID";
}

/**
 * The connection a selector names among a user's connections of one integration, oldest first.
 *
 * - `<id>` or `<externalId>`, tried in this order; `ext:<externalId>` is never taken for an id.
 * - Without a selector: the oldest VALID one, else the oldest.
 */
export function selectConnection<C extends SelectableConnection>(
  connections: readonly C[],
  selector?: string,
): C | undefined {
  if (selector === undefined) {
    return connections.find(({ status }) => status === "VALID") ?? connections[0];
  }
  const prefix = "ext:";
  if (selector.startsWith(prefix)) {
    return connections.find(({ externalId }) => externalId === selector.slice(prefix.length));
  }
  return (
    connections.find(({ id }) => id === selector.toLowerCase()) ??
    connections.find(({ externalId }) => externalId === selector)
  );
}
