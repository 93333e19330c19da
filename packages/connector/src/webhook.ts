/** What one of the provider's events says of one object. */
export interface Told {
  /** Kind of a {@link WatchedObject}. */
  object: string;
  id: string;
  changes: readonly string[];
  /** What the event itself says of the changes, in the form of `Difference.details`. */
  details?: Readonly<Record<string, unknown>>;
}

/**
 * How a provider sends events, as data. Paths are dot paths into the parsed body, as everywhere in a
 * connector.
 */
export interface Webhook {
  /** An HMAC over the raw bytes of the body, keyed with the token of the handshake. */
  signature: {
    /** In lower case. */
    header: string;
    /** What stands before the digest, such as `sha256=`. */
    prefix: string;
    algorithm: "sha256";
    encoding: "hex" | "base64";
  };
  /** The request that begins a subscription: where it holds the token. */
  handshake: { token: string };
  event: {
    /** The same however often the event is sent. */
    id: string;
    type: string;
    /** When it happened: ISO 8601. */
    time: string;
    /** Which attempt to send it this is. */
    attempt: string;
    /** List of `{ id }`: who made the change. */
    authors: string;
  };
  /** Which connections an event concerns. */
  route: {
    /** The account it is of, and the connection's provider data that must equal it. */
    account: { path: string; providerData: string };
    /**
     * List of `{ id }` of those who may see the object; one of the connection's provider data must
     * be among them. An event without the list concerns all connections of the account.
     */
    audience: { path: string; providerData: readonly string[] };
  };
  /** The object it is about; undefined for events that no trigger needs. */
  read(event: unknown): Told | undefined;
}
